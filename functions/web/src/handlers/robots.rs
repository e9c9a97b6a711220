//! `/robots.txt`: what search engines may read. Where every page is, the sitemap says.

use statusphere_http::{Answer, MaxAge};

use crate::Asked;

pub(crate) fn handle(asked: &Asked<'_>) -> Answer {
    let base = &asked.frame.base;
    let text = format!(
        "User-agent: *\nDisallow: /api/\nAllow: /api/v1/sitemap.xml\nDisallow: /search\nDisallow: /stack?add=\n\
         Sitemap: {base}/api/v1/sitemap.xml\n"
    );
    Answer::new("text/plain; charset=utf-8", text, MaxAge::Release)
}
