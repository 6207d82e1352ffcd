// A live ticker: five prices. Usage: 05_live_ticker [EXCHANGE [SYMBOL [ADDRESS]]]
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
	stream := bourse.Must(exchange.Watch("watch_ticker", bourse.Args{"symbol": given[1]}))
	defer stream.Close()
	for seen := 0; seen < 5; {
		event := bourse.Must(stream.Next())
		for _, ticker := range event.Records {
			fmt.Println(ticker["symbol"], ticker["last"])
			seen++
		}
	}
}
