// The scenario that all bindings run alike (see ../../README.md). Usage: scenario EXCHANGE ADDRESS KEY SECRET
package main

import (
	"bourse/bourse"
	"errors"
	"fmt"
	"os"
	"sync"
)

func word(value bool) string {
	if value {
		return "True"
	}
	return "False"
}

func failure(what string, err error) {
	var e *bourse.Error
	if !errors.As(err, &e) {
		fmt.Println(what, "went through")
		return
	}
	code := e.ExchangeCode
	if code == "" {
		code = "-"
	}
	fmt.Println(what, e.Code, e.Outcome, code)
}

func main() {
	exchange := bourse.Must(bourse.Open(os.Args[1], bourse.Options{Address: os.Args[2], Key: os.Args[3], Secret: os.Args[4]}))
	defer exchange.Close()
	fmt.Println("ticker", word(bourse.Must(exchange.FetchTicker("BTC/USDT")).Last.Compare("0") > 0))
	book := bourse.Must(exchange.FetchOrderBook("BTC/USDT", 5))
	fmt.Println("book", len(book.Bids), len(book.Asks), word(book.Bids[0].Price.Compare(book.Asks[0].Price) < 0))
	fmt.Println("candles", len(bourse.Must(exchange.Call("fetch_candles", bourse.Args{"symbol": "BTC/USDT", "timeframe": "1m", "limit": 3}))))
	for _, balance := range bourse.Must(exchange.FetchBalances()) {
		if balance.Currency == "USDT" {
			fmt.Println("balance", balance.Total)
		}
	}
	order := func(amount string) bourse.Args {
		return bourse.Args{"symbol": "BTC/USDT", "side": "buy", "type": "limit", "amount": amount, "price": "20000"}
	}
	placed := bourse.Must(exchange.CreateOrder(order("0.01")))
	fmt.Println("placed", placed.Status, placed.Price, placed.Amount)
	found := bourse.Must(exchange.FetchOrder(bourse.Args{"symbol": "BTC/USDT", "client_order_id": placed.ClientOrderID}))
	fmt.Println("found", word(found.ID == placed.ID))
	fmt.Println("open", len(bourse.Must(exchange.FetchOpenOrders("BTC/USDT"))))
	fmt.Println("canceled", bourse.Must(exchange.CancelOrder(bourse.Args{"symbol": "BTC/USDT", "order_id": placed.ID})).Status)
	_, err := exchange.FetchTicker("NO/SUCH")
	failure("no market", err)
	_, err = exchange.CreateOrder(order("0.0123456789"))
	failure("too fine", err)
	_, err = exchange.CreateOrder(order("9"))
	failure("too much", err)
	symbols := []string{"BTC/USDT", "ETH/USDT"}
	var all sync.WaitGroup
	for i := range symbols {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			symbols[i] = bourse.Must(exchange.FetchTicker(symbols[i])).Symbol
		}(i)
	}
	all.Wait()
	fmt.Println("together", symbols[0], symbols[1])
	stream := bourse.Must(exchange.Watch("watch_ticker", bourse.Args{"symbol": "BTC/USDT"}))
	for {
		event := bourse.Must(stream.Next())
		if event.State == "live" && len(event.Records) > 0 {
			fmt.Println("live", event.Records[0]["symbol"])
			break
		}
	}
	stream.Close()
}
