// The last price of a market. Usage: 01_ticker [EXCHANGE [SYMBOL]]
package main

import (
	"bourse/bourse"
	"fmt"
	"os"
)

func main() {
	given := append(os.Args[1:], []string{"paper", "BTC/USDT"}[len(os.Args)-1:]...)
	exchange := bourse.Must(bourse.Open(given[0], bourse.Options{}))
	defer exchange.Close()
	fmt.Println(given[1], bourse.Must(exchange.FetchTicker(given[1])).Last)
}
