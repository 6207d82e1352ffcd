// Places an order on the paper exchange, looks for it, cancels it; and one that is refused.
package main

import (
	"bourse/bourse"
	"errors"
	"fmt"
)

func main() {
	exchange := bourse.Must(bourse.Open("paper", bourse.Options{}))
	defer exchange.Close()
	for _, balance := range bourse.Must(exchange.FetchBalances()) {
		fmt.Println("have", balance.Total, balance.Currency)
	}
	order := bourse.Args{"symbol": "BTC/USDT", "side": "buy", "type": "limit", "amount": "0.01", "price": "50000"}
	placed := bourse.Must(exchange.CreateOrder(order))
	fmt.Println(placed.ClientOrderID, "is", placed.Status, "at", placed.Price)
	fmt.Println("open orders:", len(bourse.Must(exchange.FetchOpenOrders(""))))
	canceled := bourse.Must(exchange.CancelOrder(bourse.Args{"symbol": "BTC/USDT", "client_order_id": placed.ClientOrderID}))
	fmt.Println("now", canceled.Status)
	order["amount"] = "9000"
	var refused *bourse.Error
	if _, err := exchange.CreateOrder(order); errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Outcome, refused.ClientOrderID)
	}
}
