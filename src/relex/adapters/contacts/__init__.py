"""Phone numbers of all countries, and the syntax of e-mail addresses: readers that one passes where the core reads."""

from relex.adapters.contacts._emails import EmailAddresses
from relex.adapters.contacts._phones import PhoneNumbers

__all__ = ["EmailAddresses", "PhoneNumbers"]
