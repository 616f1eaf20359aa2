package catalog_test

import (
	"net/http"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/limit"
)

// serve serves every endpoint separately, as its own function does on AWS, with its own grants
// enforced.
func (i *installation) serve(adapters catalog.Adapters) http.Handler {
	mux, limits := http.NewServeMux(), limit.NewWindow(time.Now)
	mux.Handle("/", endpoint.Other(i.settings(i.Services, limits), i.endpoints, i.Store))
	for at, e := range i.endpoints {
		guard := grant.NewGuard(e.Grants())
		services := catalog.NewServices(catalog.Guarded(guard, adapters))
		i.guards[e.Name] = guard
		mux.Handle(e.Method+" "+endpoint.Prefix+e.Path, endpoint.Handler(
			i.settings(services, catalog.GuardedLimiter{Limiter: limits, Guard: guard}),
			catalog.Endpoints(services)[at:at+1],
		))
	}
	return mux
}

func (i *installation) settings(services catalog.Services, limits endpoint.Limiter) endpoint.Settings {
	return endpoint.Settings{
		Accounts:     services.Accounts,
		Journal:      services.Journal,
		Keyring:      services.Keyring,
		Limits:       limits,
		Log:          services.Log,
		Now:          time.Now,
		CallsPerHour: 1 << 30,
		Version:      catalog.Version,
	}
}
