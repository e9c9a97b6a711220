//! Who is watched: invented vendors on several platforms, each with what one kind of page has to show, and a crowd of
//! others, so that lists are long.

use chrono::TimeDelta;
use statusphere_domain::{IncidentStatus, Indicator};
use statusphere_internet::{Fault, Incident, Maintenance, Platform, Site, Story, Trouble, Update};

use crate::hostile;
use crate::world::at;

/// A page with what the catalogue says of it.
pub(crate) struct Vendor {
    pub(crate) name: String,
    pub(crate) category: &'static str,
    pub(crate) site: Site,
}

/// Those that something happens to.
pub(crate) fn vendors() -> Vec<Vendor> {
    let vendor = |slug: &str, name: &str, category, platform, story| Vendor {
        name: name.to_owned(),
        category,
        site: Site::new(slug, platform, story),
    };
    let mut unread = vendor("osprey", "Osprey Pay", "payments", Platform::BetterStack, unread());
    unread.site.faults = vec![Fault { from: at(-180), to: at(100_000), trouble: Trouble::ServerError }];
    let mut gone = vendor("dodo", "Dodo Networks", "network", Platform::StatusCast, Story::quiet(2));
    gone.site.faults = vec![Fault { from: at(-300), to: at(100_000), trouble: Trouble::Gone }];
    vec![
        vendor("kestrel", "Kestrel Cloud", "cloud", Platform::Statuspage, troubled()),
        vendor("marlin", "Marlin Mail", "email", Platform::Instatus, planned()),
        vendor("heron", "Heron Search", "developer-tools", Platform::IncidentIo, restless()),
        vendor("finch", "Finch Deploys", "ci-cd", Platform::Statuspage, eventful()),
        vendor("magpie", "Magpie & Sons", "hosting", Platform::Statuspage, hostile::story()),
        vendor("wren", "Wren Feeds", "media", Platform::Feed, Story::quiet(3)),
        unread,
        gone,
    ]
}

/// Others, to whom nothing happens.
pub(crate) fn crowd() -> Vec<Vendor> {
    let first = ["Amber", "Basalt", "Cedar", "Delta", "Ember", "Fjord", "Garnet", "Harbour", "Indigo", "Juniper"];
    let last = ["Books", "Charts", "Desk", "Forms", "Hosting", "Ledger", "Maps", "Notes", "Phone", "Queue", "Vault"];
    let categories = ["productivity", "analytics", "support", "marketing", "hosting", "finance", "it-management"];
    let mut crowd = Vec::new();
    for (row, first) in first.iter().enumerate() {
        for (column, last) in last.iter().enumerate() {
            let slug = format!("{}-{}", first.to_lowercase(), last.to_lowercase());
            let site = Site::new(&slug, Platform::Statuspage, Story::quiet(1));
            let category = categories[(row + column) % categories.len()];
            crowd.push(Vendor { name: format!("{first} {last}"), category, site });
        }
    }
    crowd
}

fn told(minute: i64, status: IncidentStatus, body: &str) -> Update {
    Update { at: at(minute), status, body: body.to_owned() }
}

pub(crate) fn incident(id: u32, title: &str, impact: Indicator, parts: &[&str], updates: Vec<Update>) -> Incident {
    Incident {
        id: id.to_string(),
        title: title.to_owned(),
        impact,
        components: parts.iter().map(|part| (*part).to_owned()).collect(),
        started_at: updates[0].at,
        updates,
    }
}

/// Over after so many minutes.
fn short(id: u32, title: &str, impact: Indicator, parts: &[&str], minute: i64, minutes: i64) -> Incident {
    let updates = vec![
        told(minute, IncidentStatus::Investigating, "We are looking into it."),
        told(minute + minutes, IncidentStatus::Resolved, "A bad release was taken back. All is well."),
    ];
    incident(id, title, impact, parts, updates)
}

fn work(id: u32, title: &str, starts: i64, minutes: i64, parts: &[&str]) -> Maintenance {
    Maintenance {
        id: id.to_string(),
        title: title.to_owned(),
        announced_at: at(-2 * 24 * 60),
        starts_at: at(starts),
        ends_at: at(starts) + TimeDelta::minutes(minutes),
        components: parts.iter().map(|part| (*part).to_owned()).collect(),
    }
}

/// Many components, in groups and regions, and an open incident with several messages.
fn troubled() -> Story {
    use IncidentStatus::{Identified, Investigating, Monitoring};
    let mut story = Story::default();
    let mut id = 10;
    let mut add = |name: &str| {
        id += 1;
        story.components.push((id.to_string(), name.to_owned()));
        id.to_string()
    };
    for name in ["API (us-east-1)", "API (eu-west-1)", "API (ap-northeast-1)", "Dashboard", "Sign-in"] {
        add(name);
    }
    let mut groups = Vec::new();
    for group in ["Europe", "North America", "Asia Pacific"] {
        let parts = ["Compute", "Object storage", "Queues", "Managed databases", "Load balancers", "Functions"];
        groups.push((group.to_owned(), parts.map(&mut add).to_vec()));
    }
    groups.push(("Developer tools".to_owned(), ["Registry", "Builds", "Command line"].map(&mut add).to_vec()));
    story.groups = groups;
    let updates = vec![
        told(-95, Investigating, "We see raised error rates for requests to `eu-west-1` and are looking into it."),
        told(
            -80,
            Investigating,
            "The errors come from the fleet behind the load balancers.\n\n* Reads are slow\n* Writes may fail and can be tried again",
        ),
        told(
            -52,
            Identified,
            "A certificate of an internal service **expired**. It is being replaced zone by zone; see [our guide to retries](https://docs.kestrel.example/retries).",
        ),
        told(-20, Monitoring, "Two of three zones have the new certificate.\n\nWe go on watching."),
    ];
    let open = incident(7001, "Raised error rates in eu-west-1", Indicator::Major, &["12", "16", "20"], updates);
    story.incidents = vec![
        short(7101, "Sign-in was slow", Indicator::Minor, &["15"], -7_300, 55),
        short(7102, "Object storage refused writes", Indicator::Critical, &["17", "23"], -4_100, 140),
        short(7103, "Builds waited", Indicator::Minor, &["35"], -1_700, 400),
        open,
    ];
    story.maintenances = vec![work(8001, "Queues move to new hardware", 26 * 60, 120, &["18"])];
    story
}

/// Work that is going on, and work to come.
fn planned() -> Story {
    let mut story = Story::quiet(5);
    story.maintenances = vec![
        work(8101, "Mail storage is enlarged", -30, 6 * 60, &["11", "12"]),
        work(8102, "New addresses for outgoing mail", 3 * 24 * 60, 90, &["13"]),
    ];
    story.incidents = vec![short(7201, "Mail was late", Indicator::Minor, &["11"], -2_000, 90)];
    story
}

/// Well until time moves; then broken for twenty minutes in every forty, the first ten excepted.
fn restless() -> Story {
    let mut story = Story::quiet(4);
    let turns = (0..40)
        .map(|turn| short(7301 + turn, "Searches time out", Indicator::Major, &["11"], 10 + 40 * i64::from(turn), 20));
    story.incidents = turns.collect();
    story.incidents.insert(0, short(7300, "Results were old", Indicator::Minor, &["12"], -3_000, 30));
    story
}

/// More past incidents than one part of the history shows.
fn eventful() -> Story {
    let mut story = Story::quiet(6);
    let impacts = [Indicator::Minor, Indicator::Minor, Indicator::Major, Indicator::Minor, Indicator::Critical];
    let titles = ["Deploys wait in line", "Logs come late", "Webhooks fail", "Builds can't fetch packages"];
    let one = |turn: u32| {
        let (n, parts) = (turn as usize, [["11"], ["12"], ["13"], ["14"]]);
        let minute = -8_500 + i64::from(turn) * 190;
        short(7401 + turn, titles[n % 4], impacts[n % 5], &parts[n % 4], minute, 25 + i64::from(turn % 7) * 10)
    };
    story.incidents = (0..42).map(one).collect();
    story
}

/// Broken when the page was read for the last time.
fn unread() -> Story {
    let mut story = Story::quiet(3);
    let updates = vec![told(-200, IncidentStatus::Investigating, "Payments by card are refused.")];
    story.incidents = vec![
        short(7501, "Refunds were late", Indicator::Major, &["12"], -5_000, 200),
        incident(7502, "Payments by card fail", Indicator::Critical, &["11"], updates),
    ];
    story
}
