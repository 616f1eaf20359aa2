package demo

import (
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/local/smtpin"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Password is the password of everybody in the estate.
const Password = "seven quiet lighthouses 42"

// Installation is an open installation without data, and what the estate needs of it besides its
// services. The services must use Clock, and take IDs from IDs for an estate that is always the
// same.
type Installation struct {
	Services catalog.Services
	Clock    *Clock
	// Settle works off the queues, Deliver takes in a mail as the mail server does.
	Settle  func(ctx context.Context) error
	Deliver func(ctx context.Context, envelope smtpin.Envelope, content io.Reader) error
}

// Options is how large the estate is, and when it ends.
type Options struct {
	// Now is the end of the year of history: the present time of whoever looks at the estate.
	Now time.Time
	// Seed makes another estate of the same kind.
	Seed uint64
	// Cases and Orgs are the numbers of cases and organizations. There are at least FewestCases and
	// FewestOrgs.
	Cases, Orgs int
}

// The usual size of the estate, and the smallest one that has all states and roles.
const (
	UsualCases  = 300
	UsualOrgs   = 48
	FewestCases = 50
	FewestOrgs  = 8
)

// Estate is what was built.
type Estate struct {
	LogIns []LogIn
	MSPs   []tenant.MSP
	Orgs   []tenant.Org
}

// LogIn is what a person can log in as with Password: a role at a place.
type LogIn struct {
	Scope identity.ScopeKind
	Role  identity.Role
	// Place is the name of the MSP or organization.
	Place, Name, Email string
}

// year is how far the history of the estate goes back.
const year = 365 * 24 * time.Hour

// Start returns when the history of an estate begins that ends at a time.
func Start(end time.Time) time.Time { return end.Add(-year) }

// builder builds one estate.
type builder struct {
	Installation
	options  Options
	end      time.Time
	random   *rand.Rand
	timeline timeline
	steps    int
	estate   Estate

	operator identity.Principal
	agents   []identity.Principal // the support agents of the platform
	msps     []*msp
	orgs     []*org
	names    map[string]int // how many people of a language there are
	opened   map[string]int // how many problems an organization reported, by what they are taken from
}

// Build fills an installation whose clock shows Start(options.Now). On return, the clock shows
// options.Now, and nothing waits on a queue.
func Build(ctx context.Context, installation Installation, options Options) (Estate, error) {
	options.Cases, options.Orgs = max(options.Cases, FewestCases), max(options.Orgs, FewestOrgs)
	b := &builder{
		Installation: installation, options: options, end: options.Now.UTC(),
		random: rand.New(rand.NewPCG(options.Seed, 2)), names: map[string]int{}, opened: map[string]int{},
	}
	for _, subject := range []func(context.Context) error{
		b.foundPlatform, b.foundMSPs, b.foundOrgs, b.foundDesks,
		b.planCases, b.planMails, b.planJobs, b.planSecurity, b.planBin, b.planProfiles, b.planMoves, b.foundReach, b.play,
	} {
		if err := subject(ctx); err != nil {
			return Estate{}, err
		}
		if err := b.Settle(ctx); err != nil {
			return Estate{}, err
		}
	}
	return b.estate, nil
}

// pass moves the clock on while the estate is founded.
func (b *builder) pass(length time.Duration) { b.Clock.forward(b.Clock.Now().Add(length)) }

// ago returns a time before the end.
func (b *builder) ago(length time.Duration) time.Time { return b.end.Add(-length) }

// between returns a random length from least to most.
func (b *builder) between(least, most time.Duration) time.Duration {
	return least + time.Duration(b.random.Int64N(int64(most-least)+1)).Truncate(time.Second)
}

const day = 24 * time.Hour
