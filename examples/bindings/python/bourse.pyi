# Made by stub.py from "bourse api --json"; not edited by hand.
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Awaitable, Literal

ProductName = Literal["spot", "linear", "inverse", "option"]
MarginModeName = Literal["cross", "isolated"]
WalletName = Literal["spot", "funding", "cross", "isolated", "linear", "inverse", "option", "unified", "earn", "all"]
SideName = Literal["buy", "sell"]
RoleName = Literal["maker", "taker"]
OptionTypeName = Literal["call", "put"]
PriceKindName = Literal["last", "mark", "index", "premium"]
TimeInForceName = Literal["good_till_canceled", "immediate_or_cancel", "fill_or_kill", "good_till_date", "gtc", "ioc", "fok", "gtd"]
PositionSideName = Literal["long", "short", "both"]
TriggerDirectionName = Literal["rise", "fall"]
SelfTradeName = Literal["allow", "cancel_maker", "cancel_taker", "cancel_both", "decrement", "transfer"]
BorrowName = Literal["none", "auto", "repay", "auto_repay"]
ListKindName = Literal["oco", "oto", "otoco", "opo", "opoco"]
RealizationName = Literal["native", "emulated"]
DirectionName = Literal["deposit", "withdrawal"]
OutcomeName = Literal["none", "not_sent", "rejected", "executed", "unknown"]
SystemStatusName = Literal["normal", "maintenance", "cancel_only", "post_only", "limit_only"]
OrderStatusName = Literal["open", "filled", "canceled", "rejected", "expired", "pending", "canceling", "untriggered", "triggered", "unknown"]
OrderTypeName = Literal["market", "limit"]
TransferStatusName = Literal["ok", "pending", "failed", "canceled"]
LoanKindName = Literal["borrow", "repay"]
EnvironmentName = Literal["live", "testnet", "demo"]
OriginName = Literal["own", "foreign", "orphan"]
JournalStateName = Literal["pending", "unknown", "open", "final"]

class BourseError(Exception):
    number: int
    code: str
    outcome: str
    http_status: int
    retry_after_ms: int
    message: str
    field: str
    exchange: str
    operation: str
    exchange_code: str
    exchange_message: str
    client_order_id: str

class Record: ...

class ServerTime(Record):
    time_ns: int | None

class SystemStatus(Record):
    status: SystemStatusName | None
    message: str | None
    time_ns: int | None

class Market(Record):
    symbol: str | None
    id: str | None
    base: str | None
    quote: str | None
    settle: str | None
    product: ProductName | None
    active: bool | None
    status: str | None
    pair: str | None
    perpetual: bool | None
    cross_margin: bool | None
    isolated_margin: bool | None
    option_type: OptionTypeName | None
    expiry_ns: int | None
    listed_ns: int | None
    strike: Decimal | None
    contract_size: Decimal | None
    price_tick: Decimal | None
    price_min: Decimal | None
    price_max: Decimal | None
    amount_step: Decimal | None
    amount_min: Decimal | None
    amount_max: Decimal | None
    market_amount_step: Decimal | None
    market_amount_min: Decimal | None
    market_amount_max: Decimal | None
    cost_step: Decimal | None
    cost_min: Decimal | None
    cost_max: Decimal | None
    maker_fee: Decimal | None
    taker_fee: Decimal | None
    cost_min_market: bool | None
    quote_order: bool | None
    iceberg: bool | None
    trailing: bool | None
    oco: bool | None
    iceberg_parts: int | None
    price_figures: int | None
    code: str | None

class Currency(Record):
    currency: str | None
    id: str | None
    name: str | None
    active: bool | None
    deposit: bool | None
    withdraw: bool | None
    fiat: bool | None
    step: Decimal | None
    withdraw_fee: Decimal | None
    withdraw_min: Decimal | None
    networks: list[Network]

class Ticker(Record):
    symbol: str | None
    id: str | None
    time_ns: int | None
    open_time_ns: int | None
    last: Decimal | None
    last_amount: Decimal | None
    bid: Decimal | None
    bid_amount: Decimal | None
    ask: Decimal | None
    ask_amount: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    change: Decimal | None
    percent: Decimal | None
    vwap: Decimal | None
    base_volume: Decimal | None
    quote_volume: Decimal | None
    contracts_volume: Decimal | None
    mark_price: Decimal | None
    index_price: Decimal | None
    open_interest: Decimal | None
    trade_count: int | None
    update_id: int | None

class OrderBook(Record):
    symbol: str | None
    id: str | None
    time_ns: int | None
    sequence: int | None
    bids: list[Level]
    asks: list[Level]

class Trade(Record):
    symbol: str | None
    id: str | None
    time_ns: int | None
    side: SideName | None
    aggregated: bool | None
    price: Decimal | None
    amount: Decimal | None
    cost: Decimal | None
    contracts: Decimal | None
    first_id: str | None
    last_id: str | None

class Candle(Record):
    time_ns: int | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal | None
    volume: Decimal | None
    quote_volume: Decimal | None
    taker_volume: Decimal | None
    taker_quote_volume: Decimal | None
    close_time_ns: int | None
    trade_count: int | None
    closed: bool | None

class FundingRate(Record):
    symbol: str | None
    id: str | None
    time_ns: int | None
    next_time_ns: int | None
    interval_ns: int | None
    rate: Decimal | None
    mark_price: Decimal | None
    index_price: Decimal | None
    settle_price: Decimal | None
    interest_rate: Decimal | None
    rate_min: Decimal | None
    rate_max: Decimal | None
    kind: str | None

class OpenInterest(Record):
    symbol: str | None
    id: str | None
    time_ns: int | None
    amount: Decimal | None
    contracts: Decimal | None
    value: Decimal | None

class LeverageTier(Record):
    symbol: str | None
    id: str | None
    tier: int | None
    notional_min: Decimal | None
    notional_max: Decimal | None
    leverage_max: Decimal | None
    maintenance_rate: Decimal | None
    maintenance_amount: Decimal | None
    amount_min: Decimal | None
    amount_max: Decimal | None

class Balance(Record):
    currency: str | None
    symbol: str | None
    wallet: WalletName | None
    time_ns: int | None
    total: Decimal | None
    free: Decimal | None
    used: Decimal | None
    borrowed: Decimal | None
    interest: Decimal | None
    net: Decimal | None
    unrealized_pnl: Decimal | None
    equity: Decimal | None
    name: str | None

class Position(Record):
    symbol: str | None
    market_id: str | None
    id: str | None
    side: PositionSideName | None
    hedged: bool | None
    margin_mode: MarginModeName | None
    time_ns: int | None
    amount: Decimal | None
    contracts: Decimal | None
    entry_price: Decimal | None
    break_even_price: Decimal | None
    mark_price: Decimal | None
    liquidation_price: Decimal | None
    notional: Decimal | None
    leverage: Decimal | None
    unrealized_pnl: Decimal | None
    realized_pnl: Decimal | None
    margin: Decimal | None
    initial_margin: Decimal | None
    maintenance_margin: Decimal | None
    margin_currency: str | None
    adl_rank: int | None

class Leverage(Record):
    symbol: str | None
    market_id: str | None
    margin_mode: MarginModeName | None
    hedged: bool | None
    multi_assets: bool | None
    leverage: Decimal | None
    leverage_short: Decimal | None
    notional_max: Decimal | None

class Fee(Record):
    symbol: str | None
    market_id: str | None
    maker: Decimal | None
    taker: Decimal | None
    tier: str | None

class LedgerEntry(Record):
    id: str | None
    reference: str | None
    currency: str | None
    symbol: str | None
    kind: str | None
    native_kind: str | None
    time_ns: int | None
    amount: Decimal | None
    balance: Decimal | None
    fee: Decimal | None
    text: str | None

class Permissions(Record):
    account: str | None
    read: bool | None
    spot: bool | None
    margin: bool | None
    futures: bool | None
    options: bool | None
    transfer: bool | None
    withdraw: bool | None
    address_bound: bool | None
    created_ns: int | None
    expires_ns: int | None

class AccountInfo(Record):
    id: str | None
    name: str | None
    kind: str | None
    currency: str | None

class Order(Record):
    id: str | None
    client_order_id: str | None
    symbol: str | None
    market_id: str | None
    status: OrderStatusName | None
    side: SideName | None
    type: OrderTypeName | None
    time_in_force: TimeInForceName | None
    price: Decimal | None
    average: Decimal | None
    amount: Decimal | None
    filled: Decimal | None
    remaining: Decimal | None
    cost: Decimal | None
    contracts: Decimal | None
    filled_contracts: Decimal | None
    requested_cost: Decimal | None
    created_ns: int | None
    updated_ns: int | None
    working_ns: int | None
    expire_ns: int | None
    native_status: str | None
    native_type: str | None
    reason: str | None
    list_id: str | None
    list_client_id: str | None
    triggered_order_id: str | None
    post_only: bool | None
    reduce_only: bool | None
    close_position: bool | None
    position_side: PositionSideName | None
    margin_mode: MarginModeName | None
    self_trade: SelfTradeName | None
    conditional: bool | None
    trigger_by: PriceKindName | None
    realization: RealizationName | None
    list_kind: ListKindName | None
    stop_loss_price: Decimal | None
    take_profit_price: Decimal | None
    trigger_price: Decimal | None
    trailing_percent: Decimal | None
    trailing_amount: Decimal | None
    trailing_activation_price: Decimal | None
    iceberg_amount: Decimal | None
    fee: Decimal | None
    fee_currency: str | None
    error: str | None
    outcome: OutcomeName | None
    error_code: str | None
    error_message: str | None
    fills: list[Fill]
    origin: OriginName | None

class Fill(Record):
    id: str | None
    order_id: str | None
    client_order_id: str | None
    symbol: str | None
    market_id: str | None
    time_ns: int | None
    side: SideName | None
    role: RoleName | None
    price: Decimal | None
    amount: Decimal | None
    contracts: Decimal | None
    cost: Decimal | None
    fee: Decimal | None
    fee_currency: str | None
    realized_pnl: Decimal | None
    position_side: PositionSideName | None
    margin_mode: MarginModeName | None

class Transfer(Record):
    id: str | None
    currency: str | None
    native_type: str | None
    time_ns: int | None
    amount: Decimal | None
    # from: WalletName | None, by getattr
    to: WalletName | None
    status: TransferStatusName | None
    native_status: str | None

class DepositAddress(Record):
    currency: str | None
    network: str | None
    address: str | None
    tag: str | None
    url: str | None

class Transaction(Record):
    id: str | None
    client_id: str | None
    transaction_hash: str | None
    currency: str | None
    network: str | None
    address: str | None
    tag: str | None
    direction: DirectionName | None
    status: TransferStatusName | None
    native_status: str | None
    time_ns: int | None
    updated_ns: int | None
    amount: Decimal | None
    fee: Decimal | None
    internal: bool | None
    confirmations: int | None

class BorrowRate(Record):
    currency: str | None
    symbol: str | None
    time_ns: int | None
    interval_ns: int | None
    rate: Decimal | None
    limit: Decimal | None

class BorrowInterest(Record):
    id: str | None
    currency: str | None
    symbol: str | None
    margin_mode: MarginModeName | None
    time_ns: int | None
    interest: Decimal | None
    rate: Decimal | None
    principal: Decimal | None

class Loan(Record):
    id: str | None
    currency: str | None
    symbol: str | None
    kind: LoanKindName | None
    status: TransferStatusName | None
    time_ns: int | None
    amount: Decimal | None
    interest: Decimal | None

class Receipt(Record):
    id: str | None
    message: str | None
    time_ns: int | None
    due_ns: int | None
    realization: RealizationName | None
    unchanged: bool | None

class Network(Record):
    network: str | None
    id: str | None
    name: str | None
    contract_address: str | None
    deposit: bool | None
    withdraw: bool | None
    confirmations: int | None
    is_default: bool | None
    withdraw_fee: Decimal | None
    withdraw_min: Decimal | None
    withdraw_max: Decimal | None
    withdraw_step: Decimal | None
    deposit_min: Decimal | None

class Level(Record):
    price: Decimal | None
    amount: Decimal | None

class JournalEntry(Record):
    client_order_id: str | None
    order_id: str | None
    symbol: str | None
    exchange: str | None
    account: str | None
    operation: str | None
    list_client_id: str | None
    replaces: str | None
    reason: str | None
    environment: EnvironmentName | None
    state: JournalStateName | None
    outcome: OutcomeName | None
    error: str | None
    product: ProductName | None
    margin_mode: MarginModeName | None
    side: SideName | None
    type: OrderTypeName | None
    conditional: bool | None
    cancel_outcome: OutcomeName | None
    edit_outcome: OutcomeName | None
    list_kind: ListKindName | None
    amount: Decimal | None
    contracts: Decimal | None
    cost: Decimal | None
    price: Decimal | None
    created_ns: int | None
    sent_ns: int | None
    until_ns: int | None
    given_up_ns: int | None
    resolved_ns: int | None
    cancel_ns: int | None
    edit_ns: int | None
    edit_price: Decimal | None
    edit_amount: Decimal | None
    order: list[Order]
    replacing: bool | None
    stop_loss_price: Decimal | None

class Context:
    def __init__(self, store: str | None = None, ca_file: str | None = None) -> None: ...
    def close(self) -> None: ...
    def exchanges(self) -> list[str]: ...
    def error(self) -> BourseError: ...
    def __enter__(self) -> Context: ...
    def __exit__(self, *_: object) -> None: ...

class StreamEvent:
    kind: Literal["data", "state", "gap", "error"]
    state: Literal["connecting", "syncing", "live", "stale", "closed"] | None
    symbol: str | None
    records: list[Any]
    snapshot: bool
    reconciled: bool
    dropped: int
    error: BourseError | None
    time_ns: int | None
    received_ns: int

class Stream(Iterator[StreamEvent], AsyncIterator[StreamEvent]):
    state: str | None
    def close(self) -> None: ...
    def __enter__(self) -> Stream: ...
    def __exit__(self, *_: object) -> None: ...
    def __next__(self) -> StreamEvent: ...
    async def __anext__(self) -> StreamEvent: ...
    def best(self, symbol: str | None = None) -> tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal]]: ...

class Exchange:
    name: str
    context: Context
    later: _Later
    def __init__(self, name: str, context: Context | None = None, *, key: str | None = None, secret: str | None = None, passphrase: str | None = None, hosts: Mapping[str, str] | None = None, settings: Mapping[str, object] | None = None, environment: str | None = None, **options: Any) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Exchange: ...
    def __exit__(self, *_: object) -> None: ...
    def supports(self, operation: str, product: str | None = None, margin_mode: str | None = None) -> Literal["native", "emulated"] | None: ...
    def fetch_time(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> ServerTime | list[ServerTime]:
        """The exchange's clock."""
    def fetch_status(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> SystemStatus | list[SystemStatus]:
        """Whether the exchange works or is under maintenance."""
    def fetch_markets(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Market]:
        """All markets, of one product or of all."""
    def fetch_currencies(self, *, product: ProductName | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Currency]:
        """Currencies, their networks, minimum withdrawals and fees."""
    def fetch_ticker(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Ticker | list[Ticker]:
        """Price and volume of one market over 24 hours."""
    def fetch_tickers(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Ticker]:
        """Tickers of several or all markets of a product."""
    def fetch_bids_asks(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Ticker]:
        """Best bid and ask of several or all markets."""
    def fetch_last_prices(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Ticker]:
        """Last price of several or all markets."""
    def fetch_order_book(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> OrderBook | list[OrderBook]:
        """Bids and asks; limit is the depth."""
    def fetch_trades(self, symbol: str, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Trade]:
        """Public trades, oldest first."""
    def fetch_candles(self, symbol: str, timeframe: str, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, price_kind: PriceKindName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Candle]:
        """Open, high, low, close and volume by time, oldest first."""
    def fetch_mark_prices(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Ticker]:
        """Mark and index price of futures markets."""
    def fetch_funding_rate(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> FundingRate | list[FundingRate]:
        """Funding of one perpetual now."""
    def fetch_funding_rates(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[FundingRate]:
        """Funding of all perpetuals now."""
    def fetch_funding_rate_history(self, *, product: ProductName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[FundingRate]:
        """Past funding of a perpetual, oldest first."""
    def fetch_funding_intervals(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[FundingRate]:
        """Time between settlements, and bounds of the rate, where they are not the usual ones."""
    def fetch_open_interest(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> OpenInterest | list[OpenInterest]:
        """Open interest of one market now."""
    def fetch_open_interest_history(self, symbol: str, *, product: ProductName | None = None, timeframe: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[OpenInterest]:
        """Past open interest, oldest first."""
    def fetch_leverage_tiers(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[LeverageTier]:
        """How much leverage a position of some size may have."""
    def fetch_balances(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbols: Sequence[str] | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Balance]:
        """Balances of one wallet, or of all together."""
    def fetch_balance(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Balance | list[Balance]:
        """Balance of one currency in one wallet."""
    def fetch_positions(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Position]:
        """Open positions."""
    def fetch_position(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Position | list[Position]:
        """The position in one market."""
    def fetch_leverages(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Leverage]:
        """Leverage and margin mode as set."""
    def fetch_leverage(self, symbol: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Leverage | list[Leverage]:
        """Leverage of one market as set."""
    def set_leverage(self, leverage: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Sets the leverage of a market."""
    def set_margin_mode(self, margin_mode: MarginModeName, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, leverage: Decimal | int | str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Sets cross or isolated margin for a market."""
    def fetch_position_mode(self, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Leverage | list[Leverage]:
        """Whether long and short positions stand side by side."""
    def set_position_mode(self, hedged: bool, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Chooses one position a market, or long and short side by side."""
    def set_multi_assets_mode(self, multi_assets: bool, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Chooses whether all currencies are collateral."""
    def add_margin(self, symbol: str, amount: Decimal | int | str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Adds collateral to an isolated position."""
    def reduce_margin(self, symbol: str, amount: Decimal | int | str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Takes collateral from an isolated position."""
    def fetch_trading_fee(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Fee | list[Fee]:
        """Own fees in one market."""
    def fetch_trading_fees(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Fee]:
        """Own fees in all markets."""
    def fetch_funding_history(self, *, product: ProductName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[LedgerEntry]:
        """Funding paid and received."""
    def fetch_ledger(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[LedgerEntry]:
        """The account's book, oldest first."""
    def fetch_permissions(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Permissions | list[Permissions]:
        """What the key may do."""
    def fetch_accounts(self, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[AccountInfo]:
        """Accounts or portfolios below the login."""
    def fetch_margin_mode(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Leverage | list[Leverage]:
        """Margin mode of one market as set."""
    def create_order(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None, symbol: str | None = None, side: SideName | None = None, type: OrderTypeName | None = None, time_in_force: TimeInForceName | None = None, amount: Decimal | int | str | None = None, contracts: Decimal | int | str | None = None, cost: Decimal | int | str | None = None, price: Decimal | int | str | None = None, client_order_id: str | None = None, post_only: bool | None = None, reduce_only: bool | None = None, close_position: bool | None = None, position_side: PositionSideName | None = None, margin_mode: MarginModeName | None = None, borrow: BorrowName | None = None, self_trade: SelfTradeName | None = None, trigger_direction: TriggerDirectionName | None = None, trigger_by: PriceKindName | None = None, test: bool | None = None, expire_ns: int | None = None, leverage: Decimal | int | str | None = None, stop_loss_price: Decimal | int | str | None = None, take_profit_price: Decimal | int | str | None = None, trigger_price: Decimal | int | str | None = None, trailing_percent: Decimal | int | str | None = None, trailing_amount: Decimal | int | str | None = None, trailing_activation_price: Decimal | int | str | None = None, iceberg_amount: Decimal | int | str | None = None, attached_stop_loss_trigger: Decimal | int | str | None = None, attached_stop_loss_price: Decimal | int | str | None = None, attached_take_profit_trigger: Decimal | int | str | None = None, attached_take_profit_price: Decimal | int | str | None = None) -> Order | list[Order]:
        """Places one order."""
    def create_orders(self, *, product: ProductName | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Places several orders; each answer tells its own fate."""
    def create_order_list(self, list_kind: ListKindName, *, product: ProductName | None = None, client_order_id: str | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Places orders that hang together: one cancels the other, one triggers the other."""
    def edit_order(self, *, product: ProductName | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None, symbol: str | None = None, side: SideName | None = None, type: OrderTypeName | None = None, time_in_force: TimeInForceName | None = None, amount: Decimal | int | str | None = None, contracts: Decimal | int | str | None = None, cost: Decimal | int | str | None = None, price: Decimal | int | str | None = None, post_only: bool | None = None, reduce_only: bool | None = None, close_position: bool | None = None, position_side: PositionSideName | None = None, margin_mode: MarginModeName | None = None, borrow: BorrowName | None = None, self_trade: SelfTradeName | None = None, trigger_direction: TriggerDirectionName | None = None, trigger_by: PriceKindName | None = None, test: bool | None = None, expire_ns: int | None = None, leverage: Decimal | int | str | None = None, stop_loss_price: Decimal | int | str | None = None, take_profit_price: Decimal | int | str | None = None, trigger_price: Decimal | int | str | None = None, trailing_percent: Decimal | int | str | None = None, trailing_amount: Decimal | int | str | None = None, trailing_activation_price: Decimal | int | str | None = None, iceberg_amount: Decimal | int | str | None = None, attached_stop_loss_trigger: Decimal | int | str | None = None, attached_stop_loss_price: Decimal | int | str | None = None, attached_take_profit_trigger: Decimal | int | str | None = None, attached_take_profit_price: Decimal | int | str | None = None) -> Order | list[Order]:
        """Changes price or amount of an open order."""
    def edit_orders(self, *, product: ProductName | None = None, order_ids: Sequence[str] | None = None, client_order_ids: Sequence[str] | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Changes several open orders."""
    def cancel_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Order | list[Order]:
        """Cancels one order, named by id or by client order id."""
    def cancel_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_ids: Sequence[str] | None = None, client_order_ids: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Cancels several orders."""
    def cancel_all_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Cancels all open orders, of a market where the exchange wants one."""
    def cancel_all_orders_after(self, timer_ms: int, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Dead man's switch: cancels all orders unless called again in time."""
    def cancel_order_list(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, client_order_id: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Cancels a list of orders that hang together."""
    def cancel_every_order(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Cancels all open orders of the account, in all its markets, and tells which are left."""
    def close_position(self, symbol: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Order | list[Order]:
        """Closes a position at the market."""
    def fetch_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Order | list[Order]:
        """One order, named by id or by client order id."""
    def fetch_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Orders of any status, oldest first."""
    def fetch_open_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Open orders."""
    def fetch_closed_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Filled orders."""
    def fetch_canceled_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Canceled orders."""
    def fetch_my_trades(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Fill]:
        """Own fills, oldest first; id: from that fill on."""
    def fetch_order_trades(self, order_id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Fill]:
        """Fills of one order."""
    def fetch_order_list(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, client_order_id: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """The orders of one list."""
    def fetch_order_lists(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Order lists of any status."""
    def fetch_open_order_lists(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Open order lists."""
    def fetch_order_edits(self, symbol: str, *, product: ProductName | None = None, order_id: str | None = None, client_order_id: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """What was changed of an order, oldest first."""
    def fetch_my_liquidations(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Orders by which the exchange closed own positions."""
    def resolve_order(self, client_order_id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Order | list[Order]:
        """Settles the fate of an order whose answer was lost."""
    def resolve_orders(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Settles the fate of all orders of the journal whose answers were lost."""
    def wait_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Order | list[Order]:
        """Waits until an order is filled, canceled, rejected or expired."""
    def reconcile_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Order]:
        """Holds the exchange's open orders against the journal: own, foreign and orphan ones."""
    def fetch_journal(self, *, product: ProductName | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[JournalEntry]:
        """What the journal knows of orders sent, transfers and withdrawals; nothing is sent."""
    def transfer(self, currency: str, amount: Decimal | int | str, from_wallet: WalletName, to_wallet: WalletName, *, product: ProductName | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, from_symbol: str | None = None, to_symbol: str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Transfer | list[Transfer]:
        """Moves money between own wallets."""
    def fetch_transfers(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, from_wallet: WalletName | None = None, to_wallet: WalletName | None = None, from_symbol: str | None = None, to_symbol: str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Transfer]:
        """Transfers between own wallets."""
    def fetch_deposit_address(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> DepositAddress | list[DepositAddress]:
        """Where to send a currency."""
    def fetch_deposit_addresses(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[DepositAddress]:
        """Addresses of all networks of a currency."""
    def create_deposit_address(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[DepositAddress]:
        """Makes a new address."""
    def fetch_deposits(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Transaction]:
        """Deposits."""
    def fetch_withdrawals(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Transaction]:
        """Withdrawals."""
    def withdraw(self, currency: str, address: str, amount: Decimal | int | str, *, product: ProductName | None = None, wallet: WalletName | None = None, network: str | None = None, tag: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Transaction | list[Transaction]:
        """Sends money away; refused unless allowed at open."""
    def borrow_margin(self, currency: str, amount: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Loan]:
        """Borrows; with a symbol: on its isolated margin account."""
    def repay_margin(self, currency: str, amount: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Loan]:
        """Pays back."""
    def fetch_borrow_rate(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[BorrowRate]:
        """Interest of a currency, or of both currencies of an isolated market."""
    def fetch_borrow_rates(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[BorrowRate]:
        """Interest of all."""
    def fetch_borrow_rate_history(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[BorrowRate]:
        """Past interest rates."""
    def fetch_borrow_interest(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[BorrowInterest]:
        """Interest that was charged."""
    def fetch_borrow_limit(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[BorrowRate]:
        """Most that can be borrowed now."""
    def fetch_loans(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Loan]:
        """What was borrowed and paid back."""
    def fetch_stream_token(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, is_public: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """The token or listen key that a private stream begins with; bourse_watch asks for it by itself."""
    def extend_stream_token(self, id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> list[Receipt]:
        """Lets a listen key live on."""
    def watch_ticker(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Price and volume of one market as they change."""
    def watch_tickers(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Tickers of several or all markets as they change."""
    def watch_bids_asks(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Best bid and ask as they change."""
    def watch_order_book(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Books kept true by the exchange's own proofs; limit is the depth."""
    def watch_trades(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Public trades as they happen."""
    def watch_candles(self, timeframe: str, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, price_kind: PriceKindName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Candles as they move and close."""
    def watch_mark_price(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Mark and index price of futures as they change."""
    def watch_liquidations(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Orders by which the exchange closes positions."""
    def watch_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Own orders as they change."""
    def watch_my_trades(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Own fills as they happen."""
    def watch_balances(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Own balances as they change."""
    def watch_positions(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Stream:
        """Own positions as they change."""
    def call_raw(self, method: str, path: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, host: str | None = None, is_public: bool | None = None, is_safe: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> bytes:
        """Any request of the exchange, signed, limited and judged as all others."""

class _Later:
    def fetch_time(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[ServerTime | list[ServerTime]]:
        """The exchange's clock."""
    def fetch_status(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[SystemStatus | list[SystemStatus]]:
        """Whether the exchange works or is under maintenance."""
    def fetch_markets(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Market]]:
        """All markets, of one product or of all."""
    def fetch_currencies(self, *, product: ProductName | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Currency]]:
        """Currencies, their networks, minimum withdrawals and fees."""
    def fetch_ticker(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Ticker | list[Ticker]]:
        """Price and volume of one market over 24 hours."""
    def fetch_tickers(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Ticker]]:
        """Tickers of several or all markets of a product."""
    def fetch_bids_asks(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Ticker]]:
        """Best bid and ask of several or all markets."""
    def fetch_last_prices(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Ticker]]:
        """Last price of several or all markets."""
    def fetch_order_book(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[OrderBook | list[OrderBook]]:
        """Bids and asks; limit is the depth."""
    def fetch_trades(self, symbol: str, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Trade]]:
        """Public trades, oldest first."""
    def fetch_candles(self, symbol: str, timeframe: str, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, price_kind: PriceKindName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Candle]]:
        """Open, high, low, close and volume by time, oldest first."""
    def fetch_mark_prices(self, *, product: ProductName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Ticker]]:
        """Mark and index price of futures markets."""
    def fetch_funding_rate(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[FundingRate | list[FundingRate]]:
        """Funding of one perpetual now."""
    def fetch_funding_rates(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[FundingRate]]:
        """Funding of all perpetuals now."""
    def fetch_funding_rate_history(self, *, product: ProductName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[FundingRate]]:
        """Past funding of a perpetual, oldest first."""
    def fetch_funding_intervals(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[FundingRate]]:
        """Time between settlements, and bounds of the rate, where they are not the usual ones."""
    def fetch_open_interest(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[OpenInterest | list[OpenInterest]]:
        """Open interest of one market now."""
    def fetch_open_interest_history(self, symbol: str, *, product: ProductName | None = None, timeframe: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[OpenInterest]]:
        """Past open interest, oldest first."""
    def fetch_leverage_tiers(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[LeverageTier]]:
        """How much leverage a position of some size may have."""
    def fetch_balances(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbols: Sequence[str] | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Balance]]:
        """Balances of one wallet, or of all together."""
    def fetch_balance(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Balance | list[Balance]]:
        """Balance of one currency in one wallet."""
    def fetch_positions(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Position]]:
        """Open positions."""
    def fetch_position(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Position | list[Position]]:
        """The position in one market."""
    def fetch_leverages(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Leverage]]:
        """Leverage and margin mode as set."""
    def fetch_leverage(self, symbol: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Leverage | list[Leverage]]:
        """Leverage of one market as set."""
    def set_leverage(self, leverage: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Sets the leverage of a market."""
    def set_margin_mode(self, margin_mode: MarginModeName, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, leverage: Decimal | int | str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Sets cross or isolated margin for a market."""
    def fetch_position_mode(self, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Leverage | list[Leverage]]:
        """Whether long and short positions stand side by side."""
    def set_position_mode(self, hedged: bool, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Chooses one position a market, or long and short side by side."""
    def set_multi_assets_mode(self, multi_assets: bool, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Chooses whether all currencies are collateral."""
    def add_margin(self, symbol: str, amount: Decimal | int | str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Adds collateral to an isolated position."""
    def reduce_margin(self, symbol: str, amount: Decimal | int | str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Takes collateral from an isolated position."""
    def fetch_trading_fee(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Fee | list[Fee]]:
        """Own fees in one market."""
    def fetch_trading_fees(self, *, product: ProductName | None = None, symbols: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Fee]]:
        """Own fees in all markets."""
    def fetch_funding_history(self, *, product: ProductName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[LedgerEntry]]:
        """Funding paid and received."""
    def fetch_ledger(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, wallet: WalletName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[LedgerEntry]]:
        """The account's book, oldest first."""
    def fetch_permissions(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Permissions | list[Permissions]]:
        """What the key may do."""
    def fetch_accounts(self, *, product: ProductName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[AccountInfo]]:
        """Accounts or portfolios below the login."""
    def fetch_margin_mode(self, symbol: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Leverage | list[Leverage]]:
        """Margin mode of one market as set."""
    def create_order(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None, symbol: str | None = None, side: SideName | None = None, type: OrderTypeName | None = None, time_in_force: TimeInForceName | None = None, amount: Decimal | int | str | None = None, contracts: Decimal | int | str | None = None, cost: Decimal | int | str | None = None, price: Decimal | int | str | None = None, client_order_id: str | None = None, post_only: bool | None = None, reduce_only: bool | None = None, close_position: bool | None = None, position_side: PositionSideName | None = None, margin_mode: MarginModeName | None = None, borrow: BorrowName | None = None, self_trade: SelfTradeName | None = None, trigger_direction: TriggerDirectionName | None = None, trigger_by: PriceKindName | None = None, test: bool | None = None, expire_ns: int | None = None, leverage: Decimal | int | str | None = None, stop_loss_price: Decimal | int | str | None = None, take_profit_price: Decimal | int | str | None = None, trigger_price: Decimal | int | str | None = None, trailing_percent: Decimal | int | str | None = None, trailing_amount: Decimal | int | str | None = None, trailing_activation_price: Decimal | int | str | None = None, iceberg_amount: Decimal | int | str | None = None, attached_stop_loss_trigger: Decimal | int | str | None = None, attached_stop_loss_price: Decimal | int | str | None = None, attached_take_profit_trigger: Decimal | int | str | None = None, attached_take_profit_price: Decimal | int | str | None = None) -> Awaitable[Order | list[Order]]:
        """Places one order."""
    def create_orders(self, *, product: ProductName | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Places several orders; each answer tells its own fate."""
    def create_order_list(self, list_kind: ListKindName, *, product: ProductName | None = None, client_order_id: str | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Places orders that hang together: one cancels the other, one triggers the other."""
    def edit_order(self, *, product: ProductName | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None, symbol: str | None = None, side: SideName | None = None, type: OrderTypeName | None = None, time_in_force: TimeInForceName | None = None, amount: Decimal | int | str | None = None, contracts: Decimal | int | str | None = None, cost: Decimal | int | str | None = None, price: Decimal | int | str | None = None, post_only: bool | None = None, reduce_only: bool | None = None, close_position: bool | None = None, position_side: PositionSideName | None = None, margin_mode: MarginModeName | None = None, borrow: BorrowName | None = None, self_trade: SelfTradeName | None = None, trigger_direction: TriggerDirectionName | None = None, trigger_by: PriceKindName | None = None, test: bool | None = None, expire_ns: int | None = None, leverage: Decimal | int | str | None = None, stop_loss_price: Decimal | int | str | None = None, take_profit_price: Decimal | int | str | None = None, trigger_price: Decimal | int | str | None = None, trailing_percent: Decimal | int | str | None = None, trailing_amount: Decimal | int | str | None = None, trailing_activation_price: Decimal | int | str | None = None, iceberg_amount: Decimal | int | str | None = None, attached_stop_loss_trigger: Decimal | int | str | None = None, attached_stop_loss_price: Decimal | int | str | None = None, attached_take_profit_trigger: Decimal | int | str | None = None, attached_take_profit_price: Decimal | int | str | None = None) -> Awaitable[Order | list[Order]]:
        """Changes price or amount of an open order."""
    def edit_orders(self, *, product: ProductName | None = None, order_ids: Sequence[str] | None = None, client_order_ids: Sequence[str] | None = None, orders: Sequence[Mapping[str, Any]] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Changes several open orders."""
    def cancel_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Order | list[Order]]:
        """Cancels one order, named by id or by client order id."""
    def cancel_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_ids: Sequence[str] | None = None, client_order_ids: Sequence[str] | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Cancels several orders."""
    def cancel_all_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Cancels all open orders, of a market where the exchange wants one."""
    def cancel_all_orders_after(self, timer_ms: int, *, product: ProductName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Dead man's switch: cancels all orders unless called again in time."""
    def cancel_order_list(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, client_order_id: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Cancels a list of orders that hang together."""
    def cancel_every_order(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Cancels all open orders of the account, in all its markets, and tells which are left."""
    def close_position(self, symbol: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, position_side: PositionSideName | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Order | list[Order]]:
        """Closes a position at the market."""
    def fetch_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Order | list[Order]]:
        """One order, named by id or by client order id."""
    def fetch_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Orders of any status, oldest first."""
    def fetch_open_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Open orders."""
    def fetch_closed_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Filled orders."""
    def fetch_canceled_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Canceled orders."""
    def fetch_my_trades(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Fill]]:
        """Own fills, oldest first; id: from that fill on."""
    def fetch_order_trades(self, order_id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Fill]]:
        """Fills of one order."""
    def fetch_order_list(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, client_order_id: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """The orders of one list."""
    def fetch_order_lists(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Order lists of any status."""
    def fetch_open_order_lists(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Open order lists."""
    def fetch_order_edits(self, symbol: str, *, product: ProductName | None = None, order_id: str | None = None, client_order_id: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """What was changed of an order, oldest first."""
    def fetch_my_liquidations(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Orders by which the exchange closed own positions."""
    def resolve_order(self, client_order_id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Order | list[Order]]:
        """Settles the fate of an order whose answer was lost."""
    def resolve_orders(self, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Settles the fate of all orders of the journal whose answers were lost."""
    def wait_order(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, order_id: str | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Order | list[Order]]:
        """Waits until an order is filled, canceled, rejected or expired."""
    def reconcile_orders(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, trigger: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Order]]:
        """Holds the exchange's open orders against the journal: own, foreign and orphan ones."""
    def fetch_journal(self, *, product: ProductName | None = None, client_order_id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[JournalEntry]]:
        """What the journal knows of orders sent, transfers and withdrawals; nothing is sent."""
    def transfer(self, currency: str, amount: Decimal | int | str, from_wallet: WalletName, to_wallet: WalletName, *, product: ProductName | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, from_symbol: str | None = None, to_symbol: str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Transfer | list[Transfer]]:
        """Moves money between own wallets."""
    def fetch_transfers(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, from_wallet: WalletName | None = None, to_wallet: WalletName | None = None, from_symbol: str | None = None, to_symbol: str | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Transfer]]:
        """Transfers between own wallets."""
    def fetch_deposit_address(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[DepositAddress | list[DepositAddress]]:
        """Where to send a currency."""
    def fetch_deposit_addresses(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[DepositAddress]]:
        """Addresses of all networks of a currency."""
    def create_deposit_address(self, currency: str, *, product: ProductName | None = None, network: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[DepositAddress]]:
        """Makes a new address."""
    def fetch_deposits(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Transaction]]:
        """Deposits."""
    def fetch_withdrawals(self, *, product: ProductName | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Transaction]]:
        """Withdrawals."""
    def withdraw(self, currency: str, address: str, amount: Decimal | int | str, *, product: ProductName | None = None, wallet: WalletName | None = None, network: str | None = None, tag: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[Transaction | list[Transaction]]:
        """Sends money away; refused unless allowed at open."""
    def borrow_margin(self, currency: str, amount: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Loan]]:
        """Borrows; with a symbol: on its isolated margin account."""
    def repay_margin(self, currency: str, amount: Decimal | int | str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Loan]]:
        """Pays back."""
    def fetch_borrow_rate(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[BorrowRate]]:
        """Interest of a currency, or of both currencies of an isolated market."""
    def fetch_borrow_rates(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[BorrowRate]]:
        """Interest of all."""
    def fetch_borrow_rate_history(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[BorrowRate]]:
        """Past interest rates."""
    def fetch_borrow_interest(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[BorrowInterest]]:
        """Interest that was charged."""
    def fetch_borrow_limit(self, currency: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[BorrowRate]]:
        """Most that can be borrowed now."""
    def fetch_loans(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, currency: str | None = None, cursor: str | None = None, id: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, limit: int | None = None, since_ns: int | None = None, until_ns: int | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Loan]]:
        """What was borrowed and paid back."""
    def fetch_stream_token(self, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, symbol: str | None = None, account: str | None = None, params: Mapping[str, object] | None = None, is_public: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """The token or listen key that a private stream begins with; bourse_watch asks for it by itself."""
    def extend_stream_token(self, id: str, *, product: ProductName | None = None, margin_mode: MarginModeName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[list[Receipt]]:
        """Lets a listen key live on."""
    def call_raw(self, method: str, path: str, *, product: ProductName | None = None, account: str | None = None, params: Mapping[str, object] | None = None, host: str | None = None, is_public: bool | None = None, is_safe: bool | None = None, timeout_ms: int | None = None, keep_raw: bool | None = None) -> Awaitable[bytes]:
        """Any request of the exchange, signed, limited and judged as all others."""

