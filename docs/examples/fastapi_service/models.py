"""What travels over the wire. Amounts are text, so that no client makes a float of them; unknown fields are refused."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from fastapi_service.rules import LIFECYCLE, PROGRAM
from relex import Account, Customer, Line, Purchase
from relex.insights import Customer360
from relex.parties import OrganizationName, PersonName

STAGES = [*LIFECYCLE.stages, *LIFECYCLE.former]

Id = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["c-1"])]
Text = Annotated[str, Field(pattern="^[^\\x00-\\x1f\\x7f]{1,200}$")]
Stage = Annotated[str, Field(json_schema_extra={"enum": [*STAGES]})]  # told here, and decided by the lifecycle
Currency = Annotated[str, Field(json_schema_extra={"enum": [PROGRAM.currency]})]  # and this one by the program
Amount = Annotated[str, Field(pattern="^[0-9]{1,9}([.][0-9]{1,2})?$", examples=["4.50"])]
Quantity = Annotated[int, Field(ge=1, le=10_000)]
PointCount = Annotated[int, Field(ge=1, le=1_000_000_000)]


class Given(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid")


class NewCustomer(Given):
    name: Text
    kind: Literal["person", "organization"] = "person"
    owner: Id | None = None
    tags: Annotated[list[Text], Field(max_length=20)] = []
    stage: Stage | None = None

    def as_name(self) -> PersonName | OrganizationName:
        return PersonName(self.name) if self.kind == "person" else OrganizationName(self.name)


class Move(Given):
    stage: Stage
    back: bool = False
    reason: Text | None = None


class SoldLine(Given):
    product: Id
    quantity: Quantity = 1
    unit_price: Amount
    category: Text | None = None


class NewPurchase(Given):
    id: Id
    at: AwareDatetime
    currency: Currency
    lines: Annotated[list[SoldLine], Field(min_length=1, max_length=100)]

    def as_purchase(self, customer: str) -> Purchase:
        lines = [
            Line(number, line.product, line.quantity, unit_price=line.unit_price, category=line.category)
            for number, line in enumerate(self.lines, start=1)
        ]
        return Purchase(self.id, customer=customer, at=self.at, currency=self.currency, lines=lines)


class NewRedemption(Given):
    id: Id
    points: PointCount


class CustomerOut(BaseModel):
    id: str
    name: str
    kind: str
    owner: str | None
    tags: list[str]
    stage: str | None
    version: int

    @classmethod
    def of(cls, customer: Customer) -> "CustomerOut":
        return cls(
            id=customer.id,
            name=str(customer.name),
            kind=customer.kind,
            owner=customer.owner,
            tags=list(customer.tags),
            stage=customer.stage,
            version=customer.version,
        )


class CustomerPage(BaseModel):
    customers: list[CustomerOut]
    after: str | None = Field(description="What to ask the next page with; null on the last one.")

    @classmethod
    def of(cls, found: list[Customer], limit: int) -> "CustomerPage":
        after = found[-1].id if len(found) == limit else None
        return cls(customers=[CustomerOut.of(customer) for customer in found], after=after)


class PointsOut(BaseModel):
    available: int
    pending: int
    tier: str | None

    @classmethod
    def of(cls, account: Account, at: AwareDatetime) -> "PointsOut":
        balance = account.balance(as_of=at)
        return cls(available=balance.available, pending=balance.pending, tier=account.tier_at(at))


class Receipt(BaseModel):
    purchase: str
    total: str
    currency: str
    earned: int
    by_rule: dict[str, int] = Field(description="Which rule gave how many points.")

    @classmethod
    def of(cls, account: Account, sale: Purchase) -> "Receipt":
        award = account.explain(sale.id, sale.kind)
        return cls(
            purchase=sale.id,
            total=str(sale.total.amount),
            currency=sale.currency,
            earned=award.entry.points,
            by_rule=award.breakdown.by_rule() if award.breakdown else {},
        )


class View(BaseModel):
    customer: str
    as_of: AwareDatetime
    sections: dict[str, str] = Field(description="Whether a section was `given`, or holds `none`.")
    facts: dict[str, Any] = Field(description="Exact numbers are text.")

    @classmethod
    def of(cls, view: Customer360) -> "View":
        sections = {section.name: view.status(section.name) for section in view.sections}
        facts = {name: plain(value) for name, value in view.facts().items()}
        return cls(customer=view.customer, as_of=plain(view.as_of), sections=sections, facts=facts)


class Problem(BaseModel):
    """Every error: a stable code, a sentence for people, and the parts for machines."""

    error: str
    message: str
    details: dict[str, Any] = {}


def plain(value: Any) -> Any:
    """A value as JSON keeps it; what JSON has no exact form for becomes text."""
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
