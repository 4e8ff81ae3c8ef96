// node events.mjs FILE.ics: what ical.js (Thunderbird) reads, as JSON {uid: [summary, start]}; exit 1 if it cannot.
import {readFileSync} from 'node:fs';
import ICAL from 'ical.js';

const TYPED = new Set(['refresh-interval', 'source', 'image', 'conference']); // RFC 7986: no default type

try {
  const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(readFileSync(process.argv[2]));
  const parsed = ICAL.parse(text); // throws on a bad line, a bad fold, a component that does not end
  if (parsed[0] !== 'vcalendar') throw new Error('not one VCALENDAR');
  const calendar = new ICAL.Component(parsed);
  const values = component => {
    for (const property of component.getAllProperties()) {
      for (const value of property.getValues()) String(value); // dates are decoded only when asked for
      if (TYPED.has(property.name) && property.type === 'unknown') throw new Error(`${property.name} has no VALUE=`);
    }
    component.getAllSubcomponents().forEach(values);
  };
  values(calendar);
  const events = {};
  for (const vevent of calendar.getAllSubcomponents('vevent')) {
    const uid = vevent.getFirstPropertyValue('uid');
    if (!uid || Object.hasOwn(events, uid)) throw new Error(uid ? `${uid} is there twice` : 'an event without UID');
    events[uid] = [vevent.getFirstPropertyValue('summary'), vevent.getFirstPropertyValue('dtstart').toString()];
  }
  console.log(JSON.stringify(events));
} catch (error) {
  console.error(`${process.argv[2]}: ${error.message}`);
  process.exitCode = 1;
}
