//! Bodies that nobody publishes: each is one trick, repeated up to a size.
//!
//! Deliberately absent: the pages of platforms, which `grown` takes from the fixtures.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::corpus::{Case, Syntax};

const STAMP: &str = "2031-02-27T10:20:30.400Z";

/// A text that begins, repeats and ends; `#` in a piece is a number that grows, starting at the seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trick(
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

impl Trick {
    pub(crate) fn body(&self, seed: u64, size: usize) -> Vec<u8> {
        let Self(_, begin, piece, end) = self;
        let mut body = begin.to_string();
        let mut number = seed;
        while body.len() + piece.len() + end.len() < size {
            if piece.contains('#') {
                body.push_str(&piece.replace('#', &number.to_string()));
            } else {
                body.push_str(piece);
            }
            number += 1;
        }
        (body + end).into_bytes()
    }
}

const PAGE: &str = "<!doctype html><html><head><title>Status</title></head><body>";
const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Kestrel Status</title>";

pub(crate) const HTML: &[Trick] = &[
    Trick("lists never closed", PAGE, "<ul><li>", ""),
    Trick("divs 500 deep", PAGE, "<div>", ""),
    Trick("paragraphs never closed", PAGE, "<p>a", "</body></html>"),
    Trick("empty elements", PAGE, "<b></b>", "</body></html>"),
    Trick("comments", PAGE, "<!---->", "</body></html>"),
    Trick("line breaks", PAGE, "<br>", "</body></html>"),
    Trick("attributes that differ", PAGE, "<p a# b# c# d# e# f#>", "</body></html>"),
    Trick("formatting misnested", PAGE, "<b><i><a href=#></b></i></a><p>", "</body></html>"),
    Trick("formatting never closed", PAGE, "<b id=#><i><a>x<p>", ""),
    Trick("adoption", PAGE, "<a><b><p></a></b></p>", "</body></html>"),
    Trick("tables in tables", PAGE, "<table><tr><td>", ""),
    Trick("foster parents", PAGE, "<table>x<b>y</b></table>", "</body></html>"),
    Trick("foster parents of one table", "<!doctype html><html><body><table>", "x<b>y</b>", ""),
    Trick("one element of attributes", "<!doctype html><html><body><p", " a#=\"\"", ">x</body></html>"),
    Trick("one attribute", "<!doctype html><html><body><p title=\"", "lorem ipsum ", "\">x</body></html>"),
    Trick("a quote never closed", PAGE, "<p title=\"", ""),
    Trick("templates", PAGE, "<template>", ""),
    Trick("templates side by side", PAGE, "<template></template>", "</body></html>"),
    Trick("a comment never closed", "<!doctype html><html><body><!--", "<!-- ", ""),
    Trick("a script never closed", "<!doctype html><html><body><script>", "</scrip <!--", ""),
    Trick("a text area never closed", "<!doctype html><html><body><textarea>", "</texta<p>", ""),
    Trick("plain text", "<!doctype html><html><body><plaintext>", "<p>", ""),
    Trick("titles never closed", "<!doctype html><html><body>", "<title>", ""),
    Trick("entities", PAGE, "&amp;", "</body></html>"),
    Trick("entities never closed", PAGE, "&CounterClockwiseContourIntegra", "</body></html>"),
    Trick("entities of numbers", PAGE, "&#x1F600;&#0;", "</body></html>"),
    Trick("zeros", PAGE, "\0", "</body></html>"),
    Trick("drawings", PAGE, "<svg><g></svg><math><mi></math>", "</body></html>"),
    Trick("drawings and back", PAGE, "<svg><foreignObject><p><math><mtext><b>", ""),
    Trick("selects", PAGE, "<select><option><optgroup>", ""),
    Trick("frames", PAGE, "<frameset><frame>", ""),
    Trick("bodies", PAGE, "<body a#><html b#>", ""),
    Trick("end tags", PAGE, "</p></br></x>", "</body></html>"),
    Trick("less than", PAGE, "<", ""),
    Trick("text", PAGE, "lorem ipsum, ", "</body></html>"),
    Trick("feeds named", PAGE, "<link rel=alternate type=application/rss+xml href=/feed#>", "</body></html>"),
    Trick(
        "feeds named nowhere",
        PAGE,
        "<link rel=alternate type=application/rss+xml href=http://[#>",
        "</body></html>",
    ),
    Trick("generators", PAGE, "<meta name=generator content=\"cState v5\">", "</body></html>"),
    Trick(
        "props",
        PAGE,
        "<div data-react-class=\"HistoryIndex\" data-react-props=\"{&quot;a&quot;:#}\"></div>",
        "</body></html>",
    ),
    Trick("props never closed", PAGE, "data-react-props=\"{&quot;months&quot;:[", ""),
    Trick("next data", PAGE, "<script id=\"__NEXT_DATA__\" type=\"application/json\">{\"props\":{\"a\":[", ""),
    Trick("next data whole", PAGE, "<script id=\"__NEXT_DATA__\">{\"props\":{}}</script>", "</body></html>"),
    Trick(
        "flight",
        PAGE,
        "<script>self.__next_f.push([1,\"\\\"summary\\\":{\\\"a\\\":\"])</script>incident_links component_impacts",
        "",
    ),
    Trick("flight never closed", PAGE, "self.__next_f.push([1,\"\\\"site\\\":{ incident_links component_impacts", ""),
    Trick(
        "marks",
        PAGE,
        "instatus.com statuspal.io statusio_ status.io pspApiPath = \"/api/getMonitorList/ uptime-chart- rootly.com betteruptime.com __SAPPER__ ",
        "</body></html>",
    ),
    Trick(
        "more marks",
        PAGE,
        "data-page=\"{&quot; hund.io statuscast sorryapp.com freshstatus.io onlineornot.com checkly window.__remixContext = { window.preloadData = {'",
        "</body></html>",
    ),
    Trick("state in scripts", PAGE, "<script>window.__INITIAL_STATE__={\"a\":[</script>", "</body></html>"),
    Trick("latin letters", PAGE, "gr\u{fc}n ", "</body></html>"),
];

pub(crate) const JSON: &[Trick] = &[
    Trick("lists in lists", "", "[", ""),
    Trick("objects in objects", "", "{\"a\":", ""),
    Trick("empty lists", "[[]", ",[]", "]"),
    Trick("empty objects", "[{}", ",{}", "]"),
    Trick("small objects", "[{}", ",{\"\":0}", "]"),
    Trick("numbers", "[0", ",0", "]"),
    Trick("keys", "{\"a\":0", ",\"#\":0", "}"),
    Trick("one key", "{\"a\":0", ",\"a\":0", "}"),
    Trick("escapes", "{\"page\":\"", "\\u0000", "\"}"),
    Trick("escapes of pairs", "{\"page\":\"", "\\ud83d\\ude00", "\"}"),
    Trick("a huge number", "[1", "0", "]"),
    Trick("a huge fraction", "[0.1", "7", "e-400]"),
    Trick("a text never closed", "{\"page\":\"", "lorem ipsum ", ""),
    Trick("spaces", "{\"page\":", "  \n", "{}}"),
    Trick(
        "empty rows",
        "{\"page\":{\"id\":\"a\",\"name\":\"b\",\"url\":\"https://c.example\"},\"status\":{\"indicator\":\"none\",\"description\":\"x\"},\"components\":[{}",
        ",{}",
        "],\"incidents\":[{}],\"data\":[]}",
    ),
    Trick(
        "empty incidents",
        "{\"page\":{\"id\":\"a\",\"name\":\"b\",\"url\":\"https://c.example\"},\"status\":{\"indicator\":\"none\",\"description\":\"x\"},\"components\":[],\"incidents\":[{}",
        ",{}",
        "],\"data\":[]}",
    ),
    Trick("a mark of order", "\u{feff}\u{feff}[", "\u{feff}", "]"),
];

pub(crate) const FEED: &[Trick] = &[
    Trick("elements in elements", RSS, "<a>", ""),
    Trick("items never closed", RSS, "<item>", ""),
    Trick("items", RSS, "<item/>", "</channel></rss>"),
    Trick(
        "items with a date",
        RSS,
        "<item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate></item>",
        "</channel></rss>",
    ),
    Trick(
        "items of one guid",
        RSS,
        "<item><guid>a</guid><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate></item>",
        "</channel></rss>",
    ),
    Trick(
        "items of many guids",
        RSS,
        "<item><guid>a-#</guid><title>Resolved: a</title><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate></item>",
        "</channel></rss>",
    ),
    Trick(
        "guids that run into each other",
        RSS,
        "<item><guid>a</guid><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate></item><item><guid>a@2031-02-27T10:20:30Z-#</guid><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate></item>",
        "</channel></rss>",
    ),
    Trick(
        "dates that nearly parse",
        RSS,
        "<item><pubDate>Thu, 27 Feb 2031 10:20:30 XYZ</pubDate><category>12 Mar 2031</category></item>",
        "</channel></rss>",
    ),
    Trick(
        "categories",
        "<rss version=\"2.0\"><channel><title>Kestrel Status</title><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate>",
        "<category>a</category>",
        "</item></channel></rss>",
    ),
    Trick(
        "links",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Kestrel Status</title><entry><updated>2031-02-27T10:20:30Z</updated>",
        "<link href='a'/>",
        "</entry></feed>",
    ),
    Trick(
        "one item of markup",
        "<rss version=\"2.0\"><channel><title>Kestrel Status</title><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><description><![CDATA[",
        "<p>Feb 2, 10:00 UTC<br><b>Resolved</b> - a",
        "]]></description></item></channel></rss>",
    ),
    Trick(
        "one item of lines",
        "<rss version=\"2.0\"><channel><title>Kestrel Status</title><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><description>",
        "resolved: a\n",
        "</description></item></channel></rss>",
    ),
    Trick(
        "one item of stamps",
        "<rss version=\"2.0\"><channel><title>Kestrel Status</title><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><description>",
        "1:1 a b, c\n",
        "</description></item></channel></rss>",
    ),
    Trick(
        "one title of stages",
        "<rss version=\"2.0\"><channel><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><title>",
        "[Resolved]",
        "</title></item><title>Status</title></channel></rss>",
    ),
    Trick(
        "one title of colons",
        "<rss version=\"2.0\"><channel><item><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><title>",
        "open: ",
        "</title></item><title>Status</title></channel></rss>",
    ),
    Trick(
        "billion laughs",
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"lol\">",
        "<!ENTITY b# \"&a;&a;&a;\">",
        "]><rss version=\"2.0\"><channel><title>&b9;</title></channel></rss>",
    ),
    Trick("entities", RSS, "&lt;&#65;&bogus;", "</channel></rss>"),
    Trick(
        "namespaces",
        "<rss version=\"2.0\"",
        " xmlns:a#=\"urn:#\"",
        "><channel><title>Status</title></channel></rss>",
    ),
    Trick("namespaces of items", RSS, "<item xmlns:a#=\"urn:#\"/>", "</channel></rss>"),
    Trick("namespaces in each other", RSS, "<a xmlns:a#=\"urn:#\">", ""),
    Trick("comments", RSS, "<!---->", "</channel></rss>"),
    Trick("instructions", "", "<?a?>", "<rss version=\"2.0\"><channel><title>Status</title></channel></rss>"),
    Trick("broken items", RSS, "<item><title>a</title><a></b></item>", "</channel></rss>"),
    Trick(
        "broken long items",
        RSS,
        "<item><title>a</title><a></b><pubDate>Thu, 27 Feb 2031 10:20:30 GMT</pubDate><description>lorem ipsum dolor sit amet lorem ipsum dolor sit amet</description></item>",
        "</channel></rss>",
    ),
    Trick(
        "a JSON feed",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Status\",\"items\":[{\"id\":\"a\"}",
        ",{\"id\":\"#\",\"date_published\":\"2031-02-27T10:20:30Z\"}",
        "]}",
    ),
    Trick("starts of items", RSS, "<item ", ""),
];

pub(crate) fn all(seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    for (syntax, tricks) in [(Syntax::Html, HTML), (Syntax::Json, JSON), (Syntax::Feed, FEED)] {
        for trick in tricks {
            let name = format!("{syntax:?}: {}", trick.0);
            cases.push(Case::alike(&name, syntax, move |size| trick.body(seed, size)));
        }
    }
    cases.push(Case::alike("Html: no letters at all", Syntax::Html, |size| vec![0xFF; size]));
    cases.push(Case::alike("Html: no letters at all, declared", Syntax::Html, |size| {
        [&b"<!doctype html>"[..], &vec![0xFF; size - 15]].concat()
    }));
    cases.push(Case::alike("Json: two bytes each", Syntax::Json, |size| {
        let text = Trick("", "[0", ",0", "]").body(0, size / 2);
        [&[0xFF, 0xFE][..], &text.iter().flat_map(|byte| [*byte, 0]).collect::<Vec<u8>>()].concat()
    }));
    cases
}

/// A document as it is published every day; of a platform that is read, or of one that nobody knows.
pub(crate) fn normal(syntax: Syntax, size: usize, known: bool) -> Vec<u8> {
    match syntax {
        Syntax::Json => summary(size, known),
        Syntax::Html => front(size),
        Syntax::Feed => feed(size, known),
    }
}

fn summary(size: usize, known: bool) -> Vec<u8> {
    let component = |n: usize| {
        json!({"id": format!("c{n:011}"), "name": format!("Service number {n}"), "status": "operational",
            "created_at": STAMP, "updated_at": STAMP, "position": n, "description": null, "showcase": false,
            "start_date": null, "group_id": null, "page_id": "kestrelpage1", "group": false,
            "only_show_if_degraded": false})
    };
    let update = |n: usize| {
        json!({"id": format!("u{n:011}"), "status": "investigating", "incident_id": "i00000000001",
            "body": "We see that some requests take longer than they should, and look for the reason. ".repeat(2),
            "created_at": STAMP, "updated_at": STAMP, "display_at": STAMP, "affected_components": null})
    };
    let page = json!({"id": "kestrelpage1", "name": "Kestrel", "url": "https://status.kestrel.example",
        "time_zone": "Etc/UTC", "updated_at": STAMP});
    let incident = json!({"id": "i00000000001", "name": "Slow requests", "status": "investigating", "impact": "minor",
        "created_at": STAMP, "updated_at": STAMP, "started_at": STAMP, "resolved_at": null, "page_id": "kestrelpage1",
        "incident_updates": (0..size / 1700).map(update).collect::<Vec<Value>>(), "components": []});
    let components: Vec<_> = (0..size / 420).map(component).collect();
    let page_key = if known { "page" } else { "site" };
    json!({page_key: page, "components": components, "incidents": [incident], "scheduled_maintenances": [],
        "status": {"indicator": "minor", "description": "Minor Service Outage"}})
    .to_string()
    .into_bytes()
}

fn front(size: usize) -> Vec<u8> {
    let mut page =
        "<!DOCTYPE html>\n<html><head><title>Kestrel</title><link rel=\"alternate\" type=\"application/rss+xml\" \
        href=\"/news.rss\"></head><body><ul>"
            .to_owned();
    let mut n = 0;
    while page.len() < size {
        n += 1;
        writeln!(
            page,
            "<li class=\"menu-item item-{n}\"><a class=\"link small\" href=\"/subscribe/{n}\" data-js-hook=\"show-{n}\">\
             <span class=\"icon\"></span>Entry {n}</a><p>Tell me about <strong>all</strong> of it &amp; more, by mail, \
             as soon as it happens, or once a day, in one mail for all of them.</p></li>"
        )
        .unwrap();
    }
    (page + "</ul></body></html>").into_bytes()
}

fn feed(size: usize, known: bool) -> Vec<u8> {
    let mut feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Kestrel {}</title>",
        if known { "Status" } else { "Blog" }
    );
    let mut n = 0;
    while feed.len() < size {
        n += 1;
        write!(
            feed,
            "<item><title>Slow batches {n}</title><guid>https://status.kestrel.example/incidents/{n}</guid>\
             <pubDate>Thu, 27 Feb 2031 10:20:30 +0000</pubDate><description>&lt;p&gt;&lt;small&gt;Feb 27, 10:20 UTC\
             &lt;/small&gt;&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - All batches have been worked off, and new \
             ones start on time.&lt;/p&gt;&lt;p&gt;&lt;small&gt;Feb 27, 09:20 UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;\
             Investigating&lt;/strong&gt; - Some batches wait longer than they should.&lt;/p&gt;</description></item>"
        )
        .unwrap();
    }
    (feed + "</channel></rss>").into_bytes()
}
