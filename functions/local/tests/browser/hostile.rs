//! A vendor who means no good: whatever a title, a message or a name may hold so that it runs, hides, or breaks the layout.

use statusphere_domain::{IncidentStatus, Indicator};
use statusphere_internet::{Incident, Story, Update};

use crate::vendors::incident;
use crate::world::at;

/// Bytes of the longest name that is read at all.
const NAME: usize = 1_000;
const SCRIPTS: &str = "<script>window.pwned = 1; alert(1)</script><img src=x onerror=\"window.pwned = 2\">\
    <svg onload=\"window.pwned = 3\"><circle r=9></svg><iframe src=\"javascript:parent.pwned = 4\"></iframe>\
    <p onmouseover=\"window.pwned = 5\" style=\"position:fixed;inset:0;background:red\">Over everything</p>\
    <a href=\"javascript:window.pwned = 6\">a link</a> <a href=\"&#106;avascript:window.pwned = 7\">another</a>\
    <a href=\"data:text/html,<script>alert(1)</script>\">a third</a> <object data=\"https://elsewhere.example/x\"></object>\
    <link rel=stylesheet href=https://elsewhere.example/x.css><style>main { display: none }</style>\
    <meta http-equiv=refresh content=\"0;url=https://elsewhere.example/\"><base href=https://elsewhere.example/>\
    <form action=https://elsewhere.example/><input name=password autofocus><button>Sign in</button></form>";
const MARKDOWN: &str = "[a link](javascript:window.pwned=8) ![a picture](https://elsewhere.example/pixel.png) \
    <javascript:window.pwned=9> [one more](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)\n\n\
    </div></article></main></body><h1>Not ours</h1>\n\n```\n<script>window.pwned = 10</script>\n```";

/// All of it, open and over.
pub(crate) fn story() -> Story {
    let mut story = Story::default();
    let names = [
        "API </bdi></main><script>window.pwned = 11</script>".to_owned(),
        "W".repeat(NAME),
        "\u{202e}yaw gnorw eht \u{2066}daer".to_owned(),
        marked("Component", 40),
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} API \u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629}".to_owned(),
    ];
    story.components = names.into_iter().enumerate().map(|(at, name)| ((at + 11).to_string(), name)).collect();
    story.groups =
        vec![("<b onclick=\"window.pwned = 12\">Group</b>".to_owned(), vec!["13".to_owned(), "14".to_owned()])];
    let nested = format!("{}deep{}", "<ul><li>".repeat(3_000), "</li></ul>".repeat(3_000));
    let spaceless = "x".repeat(100_000);
    story.incidents = vec![
        open(9001, "<script>window.pwned = 13</script></bdi></main><img src=x onerror=alert(1)>", SCRIPTS),
        open(9002, "javascript:window.pwned=14 [click](javascript:alert(1)) \u{202e}gnp.exe", MARKDOWN),
        open(9003, &"Q".repeat(NAME), &spaceless),
        open(
            9004,
            &marked("Zalgo is here", 30),
            &marked("A message with hundreds of marks on each letter. ", 200).repeat(4),
        ),
        open(9005, "A list in a list in a list", &nested),
        open(
            9006,
            "\u{2067}\u{202e}\u{200f}turned\u{0}\u{7}\u{1b}[31m \u{feff}\u{200b}",
            "\u{202e}all of it is turned \u{2067}and never turned back",
        ),
        over(9007, "</title></head><body onload=\"window.pwned = 15\"> & over", SCRIPTS),
        over(
            9008,
            &"W".repeat(NAME),
            &format!("{}\n\n```\n{}\n```", "https://elsewhere.example/".repeat(100), "y".repeat(3_000)),
        ),
    ];
    story
}

/// Each letter with so many combining marks.
fn marked(text: &str, marks: usize) -> String {
    text.chars()
        .flat_map(|letter| std::iter::once(letter).chain("\u{300}\u{301}\u{316}\u{317}".chars().cycle().take(marks)))
        .collect()
}

fn open(id: u32, title: &str, body: &str) -> Incident {
    let minute = i64::from(id) - 9_100;
    let update = Update { at: at(minute), status: IncidentStatus::Investigating, body: body.to_owned() };
    incident(id, title, Indicator::Major, &["11", "12", "14"], vec![update])
}

fn over(id: u32, title: &str, body: &str) -> Incident {
    let mut one = open(id, title, body);
    let end = Update {
        at: one.started_at + chrono::TimeDelta::minutes(20),
        status: IncidentStatus::Resolved,
        body: body.to_owned(),
    };
    one.updates.push(end);
    one
}
