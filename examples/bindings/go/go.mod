module bourse

go 1.19
