//! An owner's own pages: found once they are in use, and a list that can't be read changes nothing.

use chrono::TimeDelta;
use serde_json::json;
use statusphere_store::OwnPages;

use crate::support::{Front, later};

#[tokio::test]
async fn own_pages_are_there_within_five_minutes_and_stay_whatever_comes() {
    let front = Front::open().await;
    let before = front.get("statusPages/count").await.ok()["statusPageCount"].as_u64().unwrap();
    let own =
        "slug,name,url,aliases\nacme,Our Acme,https://status.acme.example,\nown,Own,https://status.own.example,Ours\n";
    front.store.put_own_pages(OwnPages::InUse, own).await.unwrap();
    assert_eq!(front.get("currentStatus?page=ours").await.status, 404, "not looked at yet");
    later(TimeDelta::minutes(5));
    assert_eq!(front.get("currentStatus?page=ours").await.ok()["freshness"], "never");
    assert_eq!(front.get("statusPage?page=acme").await.ok()["statusPage"]["name"], "Our Acme");
    assert_eq!(front.get("statusPages/count").await.ok()["statusPageCount"], json!(before + 1));
    front.store.put_own_pages(OwnPages::InUse, "nonsense").await.unwrap();
    later(TimeDelta::minutes(6));
    assert_eq!(front.get("currentStatus?page=ours").await.status, 200);
}
