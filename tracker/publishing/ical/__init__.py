"""Events → iCalendar (RFC 5545, RFC 7986), in the dialect that all calendar programs read alike.

Entries are rendered once per change and stored; a feed is those bytes joined. Nothing here asks for the time: UID,
DTSTAMP, LAST-MODIFIED and SEQUENCE come from the store, so an unchanged event never looks changed to a subscriber.
"""
