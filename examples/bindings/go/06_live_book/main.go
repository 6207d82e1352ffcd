// A proven order book: best prices whenever it is live. Usage: 06_live_book [EXCHANGE [SYMBOL [ADDRESS]]]
package main

import (
	"bourse/bourse"
	"fmt"
	"os"
)

func main() {
	given := append(os.Args[1:], []string{"binance", "BTC/USDT", ""}[len(os.Args)-1:]...)
	exchange := bourse.Must(bourse.Open(given[0], bourse.Options{Address: given[2]}))
	defer exchange.Close()
	books := bourse.Must(exchange.Watch("watch_order_book", bourse.Args{"symbol": given[1], "limit": 20}))
	defer books.Close()
	for left := 5; left > 0; {
		event := bourse.Must(books.Next())
		if event.Kind == "gap" {
			fmt.Println("a gap; the book is repaired")
		}
		if event.Kind != "data" || event.State != "live" {
			continue
		}
		bid, ask, err := books.Best()
		if err != nil {
			continue
		}
		fmt.Printf("%s at %s, %s at %s\n", bid.Amount, bid.Price, ask.Amount, ask.Price)
		left--
	}
}
