//! One process of a function, and the Runtime API that it asks for events.
//!
//! Deliberately absent: retries. A function that fails here ends the benchmark.

use std::convert::Infallible;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

/// More than any step takes under valgrind.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the function told the Runtime API.
enum Call {
    /// It wants the next event: whatever came before is over.
    Next,
    Answer(String),
    Error(String),
}

/// A running function that waits for its next event.
pub(crate) struct Function {
    process: Child,
    log: PathBuf,
    calls: mpsc::UnboundedReceiver<Call>,
    events: mpsc::UnboundedSender<String>,
}

impl Function {
    /// Starts it and waits until it asks for its first event. What it logs goes into a file.
    pub(crate) async fn start(mut command: Command, log: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = listener.local_addr().unwrap();
        let (calls_in, calls) = mpsc::unbounded_channel();
        let (events, events_out) = mpsc::unbounded_channel();
        tokio::spawn(serve(listener, calls_in, events_out));
        let file = File::create(log).unwrap();
        command.env("AWS_LAMBDA_RUNTIME_API", api.to_string()).stdin(Stdio::null());
        command.stdout(file.try_clone().unwrap()).stderr(file);
        let mut function = Self { process: command.spawn().unwrap(), log: log.to_owned(), calls, events };
        assert!(matches!(function.call().await, Call::Next), "the function did not start: {}", function.logged());
        function
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Gives it an event and waits until it asks for the next one. Answers with what it answered.
    pub(crate) async fn invoke(&mut self, event: &str) -> String {
        self.events.send(event.to_owned()).unwrap();
        let answer = match self.call().await {
            Call::Answer(answer) => answer,
            Call::Error(error) => panic!("the function failed: {error}\n{}", self.logged()),
            Call::Next => panic!("the function wants another event before it answered"),
        };
        assert!(matches!(self.call().await, Call::Next), "the function answered twice");
        answer
    }

    async fn call(&mut self) -> Call {
        let call = timeout(PATIENCE, self.calls.recv()).await;
        call.unwrap_or_else(|_| panic!("the function does not call: {}", self.logged())).unwrap()
    }

    /// What it has logged so far.
    pub(crate) fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it the way that leaves valgrind time to write. Answers with what it has logged.
    pub(crate) fn stop(mut self) -> String {
        let kill = format!("kill -TERM {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.process.wait().unwrap();
        self.logged()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

async fn serve(listener: TcpListener, calls: mpsc::UnboundedSender<Call>, events: mpsc::UnboundedReceiver<String>) {
    let events = Arc::new(Mutex::new(events));
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let (calls, events) = (calls.clone(), Arc::clone(&events));
        let answer = service_fn(move |request: Request<Incoming>| {
            let (calls, events) = (calls.clone(), Arc::clone(&events));
            async move { Ok::<_, Infallible>(answer(request, &calls, &events).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

async fn answer(
    request: Request<Incoming>,
    calls: &mpsc::UnboundedSender<Call>,
    events: &Mutex<mpsc::UnboundedReceiver<String>>,
) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    if path.ends_with("/next") {
        let _ = calls.send(Call::Next);
        let event = events.lock().await.recv().await.unwrap_or_default();
        return Response::builder()
            .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            .header("lambda-runtime-deadline-ms", "4102444800000")
            .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:bench")
            .header("lambda-runtime-trace-id", "Root=1-69220000-0123456789abcdef01234567;Sampled=0")
            .header("content-type", "application/json")
            .body(Full::from(event))
            .unwrap();
    }
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    let _ = calls.send(if path.ends_with("/response") { Call::Answer(body) } else { Call::Error(body) });
    Response::builder().status(202).body(Full::default()).unwrap()
}
