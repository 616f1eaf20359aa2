//go:build clients && !aws

package outside

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// mistHost is the host that the front stands in for. The client insists on https and on a host that it
// knows.
const mistHost = "api.mist.com"

// recordedCall is a call that passed the front, with its answer.
type recordedCall struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Status int             `json:"status"`
	Answer json.RawMessage `json:"answer"`
	header http.Header
}

// front is an HTTPS proxy that leads every connection to one program, with TLS in front, and records
// the calls.
type front struct {
	proxy string // its address
	roots string // the file with the certificate that clients trust
	mutex sync.Mutex
	calls []recordedCall
}

// openFront opens a front; target returns the address of the program once it runs.
func openFront(t *testing.T, target func() string) *front {
	t.Helper()
	certificate, roots := certificateFor(t, mistHost)
	f := &front{roots: filepath.Join(t.TempDir(), "roots.pem")}
	if err := os.WriteFile(f.roots, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	inner := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			to, err := url.Parse(target())
			if err != nil {
				t.Error(err)
				return
			}
			r.SetURL(to)
			r.SetXForwarded()
		},
		ModifyResponse: f.record,
	}
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != mistHost+":443" {
			http.Error(w, "only "+mistHost, http.StatusForbidden)
			return
		}
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := io.WriteString(connection, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			_ = connection.Close()
			return
		}
		secured := tls.Server(connection, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		serveOne(secured, inner)
	}))
	t.Cleanup(outer.Close)
	f.proxy = outer.URL
	return f
}

// record keeps the answer of a call.
func (f *front) record(response *http.Response) error {
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(data))
	call := recordedCall{
		Method: response.Request.Method, Path: response.Request.URL.Path, Status: response.StatusCode,
		header: response.Header.Clone(),
	}
	if json.Valid(data) {
		call.Answer = data
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.calls = append(f.calls, call)
	return nil
}

// recorded returns the calls so far.
func (f *front) recorded() []recordedCall {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return append([]recordedCall{}, f.calls...)
}

// serveOne serves the requests of one connection until it ends.
func serveOne(connection net.Conn, handler http.Handler) {
	defer func() { _ = connection.Close() }()
	reader := bufio.NewReader(connection)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		request.RemoteAddr = "127.0.0.1:1"
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		response := answer.Result()
		response.ContentLength = int64(answer.Body.Len())
		if err := response.Write(connection); err != nil {
			return
		}
	}
}

// certificateFor makes a certificate for a host, which is its own authority.
func certificateFor(t *testing.T, host string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
