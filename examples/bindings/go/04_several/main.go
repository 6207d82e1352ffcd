// Several requests at once. Usage: 04_several [EXCHANGE]
package main

import (
	"bourse/bourse"
	"fmt"
	"log"
	"os"
	"sync"
)

func main() {
	exchange, err := bourse.Open(append(os.Args, "paper")[1], bourse.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer exchange.Close()
	var all sync.WaitGroup
	for _, symbol := range []string{"BTC/USDT", "ETH/USDT", "NO/SUCH"} {
		all.Add(1)
		go func(symbol string) {
			defer all.Done()
			if ticker, err := exchange.FetchTicker(symbol); err != nil {
				fmt.Println(err)
			} else {
				fmt.Println(ticker.Symbol, ticker.Last)
			}
		}(symbol)
	}
	all.Wait()
}
