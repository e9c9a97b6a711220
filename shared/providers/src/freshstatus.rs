//! Reads status pages made with Freshstatus. Evidence: client code for the two public documents of three accounts, one
//! client citing the vendor's own for the codes; one copy of a page's data for an account that is gone. Unconfirmed: the
//! account's id in the page's markup, and no recorded document was at hand.
//!
//! # Recognises
//! Hosts below `freshstatus.io`; a page that was named with its account's id; else the page's markup, by the account's
//! details in the data that it embeds. Pages that only embed a widget of the platform are none.
//!
//! # Requests
//! Two at once, both from `public-api.freshstatus.io`: the components and the open incidents of the account. One more, the
//! page itself, where the account's id is not known. History: one request for each page of incidents.
//!
//! # Reads
//! Components with their groups; open incidents and planned maintenance with what was first said of them. The history
//! lists what is over.
//!
//! # Maps
//! `OP` is operational, `PD` and `PE` degraded performance, `PO` a partial outage, `MO` a major outage, `UM` under
//! maintenance. An incident is open until it has an `end_time`; its impact is that of the worst component it names, and at
//! least minor while it is open. The page states no indicator: it is the worst of components, open incidents and running
//! maintenance, without the components that the vendor leaves out of the overall status.
//!
//! # Does not know
//! The stage of an incident and its later messages: nobody attests their names. Without both documents a page is never
//! called calm.

mod account;
mod components;
mod items;

use serde_json::Value;
use statusphere_domain::{Component, Indicator, Reading};
use url::Url;

use crate::{BackfillStep, Provider, Seen, Step, Target, html, words};

/// The registration.
pub(crate) const PROVIDER: Provider = Provider { name: "freshstatus", step, backfill: Some(backfill) };

const API: &str = "https://public-api.freshstatus.io/v1";

fn components_of(account: &str) -> String {
    format!("{API}/public-components/?account_id={account}")
}

fn open_of(account: &str) -> String {
    format!("{API}/public-incidents/?account_id={account}&end_time__isempty=true")
}

fn step(target: &Target<'_>, seen: &Seen) -> Step {
    let known = target.key.filter(|key| account::is_id(key) && !is_gone(seen, key));
    let account = match known {
        Some(key) => key.to_owned(),
        None => match account::in_front(target, seen) {
            Ok(account) => account,
            Err(step) => return step,
        },
    };
    let addresses = [components_of(&account), open_of(&account)];
    let missing: Vec<_> = addresses.iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !missing.is_empty() {
        return Step::Want(missing);
    }
    let [components, open] = addresses.each_ref().map(|url| document(seen, url));
    let errors = addresses.iter().filter_map(|url| seen.get(url)?.err());
    if let Some(error) = errors.into_iter().find(|error| !error.kind.host_is_up()) {
        return Step::NotMine(error.detail.clone());
    }
    if let (Err(why), Err(other)) = (&components, &open) {
        return Step::Malformed(format!("components: {why}; incidents: {other}"));
    }
    match read(target, &account, components.ok().as_ref(), open.ok().as_ref()) {
        Ok(reading) => Step::Reading(Box::new(reading)),
        Err(why) => Step::Malformed(why),
    }
}

/// True when the interface knows no such account any more.
fn is_gone(seen: &Seen, account: &str) -> bool {
    let refused = |url: String| seen.get(&url).is_some_and(|answer| answer.is_err_and(|error| error.kind.host_is_up()));
    refused(components_of(account)) && refused(open_of(account))
}

fn document(seen: &Seen, url: &str) -> Result<Value, String> {
    match seen.get(url) {
        None => Err("was not asked for".to_owned()),
        Some(Err(error)) => Err(error.detail.clone()),
        Some(Ok(answer)) => html::json(answer),
    }
}

fn read(
    target: &Target<'_>,
    account: &str,
    components: Option<&Value>,
    open: Option<&Value>,
) -> Result<Reading, String> {
    let mut reading = Reading::new(PROVIDER.name);
    reading.key = Some(account.to_owned());
    let tree = components.map(components::read).transpose()?;
    let names = tree.as_ref().map(components::Tree::names).unwrap_or_default();
    if let Some(open) = open {
        let page = items::Page::read(target, open, &names)?;
        // A list with a further page is not read on: what is open fills one page or the page is in ruins anyway.
        reading.lists_all_open = page.all_read && page.next.is_none();
        reading.lists_all_planned = reading.lists_all_open;
        for item in page.items {
            reading.push(item);
        }
    }
    let (counted, all) = tree.map(components::Tree::split).unzip();
    reading.indicator = indicator(target, &mut reading, counted);
    reading.components = all;
    Ok(reading)
}

/// The indicator by the components that count for it; they are all that the reading holds meanwhile.
fn indicator(target: &Target<'_>, reading: &mut Reading, counted: Option<Vec<Component>>) -> Option<Indicator> {
    let told = counted.as_ref().is_some_and(|components| !components.is_empty()) && reading.lists_all_open;
    reading.components = counted;
    words::indicator(reading, target.as_of).filter(|indicator| told || *indicator >= Indicator::Minor)
}

fn backfill(target: &Target<'_>, seen: &Seen) -> BackfillStep {
    let Some(account) = target.key.filter(|key| account::is_id(key)) else {
        return BackfillStep::Failed("the account's id is not known".to_owned());
    };
    let query = target.cursor.unwrap_or("");
    let url = if query.is_empty() {
        format!("{API}/public-incidents/?account_id={account}")
    } else {
        format!("{API}/public-incidents/?account_id={account}&{query}")
    };
    let components = components_of(account);
    let missing: Vec<_> = [&url, &components].into_iter().filter(|url| seen.get(url).is_none()).cloned().collect();
    if !missing.is_empty() {
        return BackfillStep::Want(missing);
    }
    let tree = document(seen, &components).and_then(|document| components::read(&document)).ok();
    let names = tree.as_ref().map(components::Tree::names).unwrap_or_default();
    let page = document(seen, &url).and_then(|document| items::Page::read(target, &document, &names));
    match page {
        Ok(page) => {
            let next = page.next.and_then(|next| cursor(&next, query));
            BackfillStep::Items { items: page.items.into_iter().filter(|item| !item.is_open()).collect(), next }
        }
        Err(why) => BackfillStep::Failed(why),
    }
}

/// The cursor in the address of the next page: what says how far it is. It has to grow, so that the history ends.
fn cursor(next: &str, last: &str) -> Option<String> {
    let next = Url::parse(next).ok()?;
    let pairs: Vec<_> = next.query_pairs().collect();
    let (place, limit) = ["page", "offset"].iter().find_map(|name| {
        let place = pairs.iter().find(|(key, _)| key == name)?.1.parse::<u32>().ok()?;
        let limit = pairs.iter().find(|(key, _)| key == "limit").and_then(|(_, value)| value.parse::<u32>().ok());
        Some(((*name, place), limit))
    })?;
    let of = |query: &str| query.split(['=', '&']).nth(1).and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    let limit = limit.map(|limit| format!("&limit={limit}")).unwrap_or_default();
    (place.1 > of(last)).then(|| format!("{}={}{limit}", place.0, place.1))
}
