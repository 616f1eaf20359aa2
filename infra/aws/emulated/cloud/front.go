package cloud

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"time"

	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
)

// front is the address at which the functions reach AWS. It forwards everything to MiniStack, and
// captures calls of SES, of which MiniStack keeps only the text.
type front struct {
	url    string
	server *http.Server
}

func (c *Cloud) startFront(ctx context.Context) (*front, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(c.emulator.url)
	if err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // signed URLs have it in their signature
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { c.pass(w, r, proxy) })
	mux.HandleFunc("POST /v2/email/outbound-emails",
		func(w http.ResponseWriter, r *http.Request) { c.send(w, r, proxy) })
	f := &front{
		url:    "http://" + listener.Addr().String(),
		server: &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute},
	}
	go func() { _ = f.server.Serve(listener) }() // returns when the server is closed
	return f, nil
}

// send forwards a call of SES, and delivers the mail if SES accepts it.
func (c *Cloud) send(w http.ResponseWriter, r *http.Request, proxy http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	installation := c.installation(regionOf(r))
	if installation == nil {
		http.Error(w, "there is no such installation", http.StatusServiceUnavailable)
		return
	}
	if !installation.guard.admits(w, r) {
		return
	}
	answered := &recorder{header: http.Header{}}
	proxy.ServeHTTP(answered, r)
	if answered.status == http.StatusOK {
		if mail, ok, err := mailroom.ReadOutgoing(body, answered.body.Bytes(), regionOf(r)); err != nil {
			c.settings.Log.Error("a mail cannot be read", "error", err)
		} else if ok {
			installation.outgoing(mail)
		}
	}
	for name, values := range answered.header {
		w.Header()[name] = values
	}
	w.WriteHeader(answered.status)
	_, _ = w.Write(answered.body.Bytes()) // a function that has ended needs no response
}

var (
	credential   = regexp.MustCompile(`Credential=[^/]+/\d+/([a-z0-9-]+)/`)
	bucketRegion = regexp.MustCompile(`^/[a-z0-9-]+-` + Account + `-([a-z0-9-]+)/?$`)
)

// regionOf returns the region that a request was signed for. An upload form for S3 contains it in
// its fields, and the bucket's name contains it too.
func regionOf(r *http.Request) string {
	match := credential.FindStringSubmatch(r.Header.Get("Authorization") + " Credential=" +
		r.URL.Query().Get("X-Amz-Credential"))
	if match != nil {
		return match[1]
	}
	if match := bucketRegion.FindStringSubmatch(r.URL.Path); match != nil {
		return match[1]
	}
	return ""
}

// recorder records a response.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header            { return r.header }
func (r *recorder) WriteHeader(status int)         { r.status = status }
func (r *recorder) Write(data []byte) (int, error) { return r.body.Write(data) }
