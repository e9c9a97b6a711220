//! One status page: who, on which platform, what happens there and what goes wrong.
//!
//! Deliberately absent: bytes on the wire. Documents are made in `platforms`, broken answers in `reply`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use statusphere_domain::Hint;

use crate::{Platform, Story, Truth};

/// What a host sends so that the next request may be conditional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validators {
    /// A hash of the document.
    ETag,
    /// The time of the story's last change.
    LastModified,
    /// Each answer is a whole one.
    Nothing,
}

/// What goes wrong at a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Each answer waits so long first, in real time: a deadline is real as well.
    Slow(Duration),
    /// The request is taken, and nothing comes.
    Hung,
    /// The connection is reset.
    Reset,
    /// 429 with this Retry-After.
    Throttled {
        /// Seconds.
        retry_after_s: u32,
    },
    /// 503 with an HTML body.
    ServerError,
    /// Half of the body comes, then the connection ends.
    Truncated,
    /// The length that is stated is half of the body's.
    WrongLength,
    /// The body is Latin-1 and says that it is UTF-8.
    WrongCharset,
    /// Each address redirects to itself.
    RedirectLoop,
    /// Each address redirects to the same one on https, where no TLS is spoken.
    TlsError,
    /// 404 for everything.
    NotFound,
    /// 410 for everything.
    Gone,
    /// Each address redirects to the same path of another host.
    Moved {
        /// Another host of the internet.
        host: String,
    },
    /// The same story is told on another platform: a migration.
    OtherPlatform(Platform),
}

/// Trouble for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// It begins.
    pub from: DateTime<Utc>,
    /// It is over.
    pub to: DateTime<Utc>,
    /// What goes wrong.
    pub trouble: Trouble,
}

/// One status page. Several may share a host when each has a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Name in the catalogue.
    pub slug: String,
    /// Name of its host, in lower case.
    pub host: String,
    /// Empty, or where the page begins below its host: `/vendor7`.
    pub path: String,
    /// Who publishes it.
    pub platform: Platform,
    /// What happens.
    pub story: Story,
    /// What goes wrong; of two at one time the first holds.
    pub faults: Vec<Fault>,
    /// What marks a document's version.
    pub validators: Validators,
    /// Whether bodies are compressed for who accepts it.
    pub gzip: bool,
}

impl Site {
    /// A page at `status.<slug>.example` without faults, that sends an `ETag`.
    pub fn new(slug: &str, platform: Platform, story: Story) -> Self {
        Self {
            slug: slug.to_owned(),
            host: format!("status.{slug}.example"),
            path: String::new(),
            platform,
            story,
            faults: Vec::new(),
            validators: Validators::ETag,
            gzip: false,
        }
    }

    /// The address of the page, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.host, self.path)
    }

    /// What a catalogue would know of the page: the provider that reads it, with the key that it needs.
    pub fn hint(&self) -> Hint {
        Hint { provider: self.platform.provider().to_owned(), key: self.platform.key(&self.url()) }
    }

    /// What goes wrong at a moment.
    pub fn trouble(&self, now: DateTime<Utc>) -> Option<&Trouble> {
        self.faults.iter().find(|fault| fault.from <= now && now < fault.to).map(|fault| &fault.trouble)
    }

    /// The platform at a moment.
    pub fn platform(&self, now: DateTime<Utc>) -> Platform {
        match self.trouble(now) {
            Some(Trouble::OtherPlatform(platform)) => *platform,
            _ => self.platform,
        }
    }

    /// What is true at a moment, as far as the page's platform can say it.
    pub fn at(&self, now: DateTime<Utc>) -> Truth {
        self.platform(now).tells(self.story.at(now))
    }

    /// When the page last changed: by its story, or because a fault began or ended.
    pub(crate) fn changed_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let faults = self.faults.iter().flat_map(|fault| [fault.from, fault.to]).filter(|at| *at <= now);
        faults.chain([self.story.changed_at(now)]).max().unwrap_or(now)
    }
}
