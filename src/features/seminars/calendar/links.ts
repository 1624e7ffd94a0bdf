import { google, office365 } from 'calendar-link';
import type { CalendarEvent } from './ics.js';

/** Addresses that open a calendar with the date filled in. */
export interface AddLinks {
  readonly google: string;
  readonly outlook: string;
}

/** Buttons take 3,000 characters at most (Slack), and browsers and proxies have been known to cut at about 2,000. */
const longestLink = 2000;

/** Addresses at most 2,000 characters long that add the event to Google Calendar and to Outlook on the web; long texts are cut. */
export function addLinks(event: Pick<CalendarEvent, 'title' | 'description' | 'location' | 'url' | 'startsAt' | 'endsAt'>): AddLinks {
  let links = linksOf(event, 1000);
  // A character may become twelve ("%F0%9F%8E%93"), so that no fixed length of text fits every alphabet.
  for (const most of [400, 150, 60, 25]) {
    if (links.google.length <= longestLink && links.outlook.length <= longestLink) break;
    links = linksOf(event, most);
  }
  return links;
}

function linksOf(event: Pick<CalendarEvent, 'title' | 'description' | 'location' | 'url' | 'startsAt' | 'endsAt'>, most: number): AddLinks {
  const url = event.url !== undefined && event.url.length <= 300 ? event.url : undefined;
  const filled = {
    title: cut(event.title, most),
    description: [cut(event.description, most), url].filter(Boolean).join('\n\n'),
    location: cut(event.location, most),
    start: event.startsAt,
    end: event.endsAt,
  };
  return { google: google(filled), outlook: inUtc(office365(filled), event) };
}

/** The library writes Outlook's times in the server's zone without saying so; with a Z they are what they are. */
function inUtc(link: string, event: Pick<CalendarEvent, 'startsAt' | 'endsAt'>): string {
  const at = (instant: Date): string => encodeURIComponent(instant.toISOString().replace(/\.\d+Z$/, 'Z'));
  return link.replace(/([?&]startdt=)[^&]*/, `$1${at(event.startsAt)}`).replace(/([?&]enddt=)[^&]*/, `$1${at(event.endsAt)}`);
}

function cut(text: string, most: number): string {
  const signs = [...text.replace(/\p{Surrogate}/gu, '')];
  return signs.length <= most ? signs.join('') : `${signs.slice(0, most - 1).join('')}…`;
}
