"""Renders events as iCalendar (RFC 5545, RFC 7986), using only what all calendar programs read alike.

Entries are rendered once per change and stored; a feed is the concatenation of stored entries. Rendering does not use
the current time: UID, DTSTAMP, LAST-MODIFIED and SEQUENCE come from the store, so an unchanged event never looks
changed to a subscriber.
"""
