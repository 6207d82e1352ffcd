// Candles since a time, with the digits the exchange wrote. Usage: 02_candles [EXCHANGE [SYMBOL [TIMEFRAME]]]
package main

import (
	"bourse/bourse"
	"fmt"
	"os"
	"time"
)

func main() {
	given := append(os.Args[1:], []string{"paper", "BTC/USDT", "1m"}[len(os.Args)-1:]...)
	exchange := bourse.Must(bourse.Open(given[0], bourse.Options{}))
	defer exchange.Close()
	candles := bourse.Must(exchange.FetchCandles(given[1], given[2], time.Now().Add(-time.Hour), 10))
	for _, c := range candles {
		fmt.Println(c.Time, c.Open, c.High, c.Low, c.Close, c.Volume)
	}
}
