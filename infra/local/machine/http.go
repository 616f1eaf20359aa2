package machine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/infra/local/connections"
	"github.com/tenantry/tenantry/infra/local/devmail"
	"github.com/tenantry/tenantry/infra/local/diskspace"
	"github.com/tenantry/tenantry/shared/limit"
)

// stopTime is how long requests in progress may take when the program stops.
const stopTime = 20 * time.Second

// connectionShare is the part of all connections that one source may have: a quarter.
const connectionShare = 4

// serveHTTP serves until ctx ends.
func (p Program) serveHTTP(ctx context.Context, listener net.Listener, built *parts) error {
	limited := connections.Limit(listener, connections.Limits{
		Total: p.Settings.Connections, PerSource: max(1, p.Settings.Connections/connectionShare),
		Trusted: p.trusts, Now: p.Now,
	})
	server := &http.Server{
		ConnState:         limited.State,
		Handler:           p.behindProxy(p.handler(built)),
		ErrorLog:          slog.NewLogLogger(p.Log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       15 * time.Minute,
		WriteTimeout:      15 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		stopped <- server.Shutdown(stopCtx)
	}()
	p.Log.Info("serving HTTP", "address", listener.Addr().String(), "url", p.Settings.BaseURL)
	if err := server.Serve(limited); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return <-stopped
}

func (p Program) handler(built *parts) http.Handler {
	settings := endpoint.Settings{
		Accounts: built.services.Accounts, Journal: built.services.Journal, Keyring: built.services.Keyring,
		Limits: limit.NewWindow(p.Now), Log: p.Log, Now: p.Now, Secure: p.Settings.Secure(),
		CallsPerHour: p.Settings.CallsPerHour, Version: catalog.Version,
	}
	api := endpoint.Handler(settings, catalog.Endpoints(built.services))
	mux := http.NewServeMux()
	mux.Handle("/", catalog.Pages(settings, built.services, ""))
	mux.Handle(endpoint.Prefix+"/", api)
	mux.Handle("/docs", api)
	mux.Handle("GET "+endpoint.HealthPath, p.health(built.reserve, endpoint.Health(settings, built.store)))
	if built.outbox != nil && p.Settings.ShowMail {
		pages := devmail.New(built.outbox, p.Log)
		mux.Handle("/dev/mail", fromHere(pages))
		mux.Handle("/dev/mail/", fromHere(pages))
	}
	return mux
}

// health also reports a disk without the reserve of free space, on which the product works only in
// part.
func (p Program) health(reserve diskspace.Reserve, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		endpoint.SetHeaders(w.Header(), p.Settings.Secure())
		if err := reserve.Check(); err != nil {
			p.Log.Error("the health check failed", "error", err)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"status":"the disk is nearly full: mails and files are refused"}` + "\n"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// fromHere admits only users of this machine, because the mails contain links that open accounts. A
// request from elsewhere, through a proxy, or under another host name (which a stranger's page
// could make a browser send) is answered with 404.
func fromHere(next http.Handler) http.Handler {
	loopback := func(host string) bool {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		address, err := netip.ParseAddr(strings.Trim(host, "[]"))
		return host == "localhost" || err == nil && address.IsLoopback()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.RemoteAddr) || !loopback(r.Host) || r.Header.Get("X-Forwarded-For") != "" ||
			r.Header.Get("Forwarded") != "" {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// trusts reports whether an address is that of a trusted proxy.
func (p Program) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(p.Settings.TrustedProxies,
		func(network netip.Prefix) bool { return network.Contains(address.Unmap()) })
}

// behindProxy takes the client's address from X-Forwarded-For if the caller is a trusted proxy: the
// last address there that is not a trusted proxy itself.
func (p Program) behindProxy(next http.Handler) http.Handler {
	trusted := func(text string) bool {
		address, err := netip.ParseAddr(text)
		return err == nil && p.trusts(address)
	}
	var warned sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err == nil && trusted(host) {
			hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for _, hop := range slices.Backward(hops) {
				hop = strings.TrimSpace(hop)
				if _, err := netip.ParseAddr(hop); err != nil {
					break
				}
				host = hop
				if !trusted(hop) {
					break
				}
			}
			r.RemoteAddr = net.JoinHostPort(host, "0")
		} else if r.Header.Get("X-Forwarded-For") != "" {
			warned.Do(func() {
				p.Log.Warn("ignored X-Forwarded-For, which anybody can send: if this is your proxy, "+
					"add its address to TENANTRY_TRUSTED_PROXIES", "from", r.RemoteAddr)
			})
		}
		next.ServeHTTP(w, r)
	})
}
