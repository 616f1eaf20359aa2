package authentication

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tenantry/tenantry/shared/mail/received"
	"golang.org/x/sync/errgroup"
)

// standardPatience is the default of Checker.Patience.
const standardPatience = 5 * time.Second

// Checker checks mails itself. Resolver and Random must be set.
type Checker struct {
	Resolver Resolver
	// Random returns a number in [0, 1); a domain may request that only a percentage of failing
	// mails is treated according to its policy (RFC 7489, 6.6.4).
	Random func() float64
	// Patience is the maximum time for DNS queries about one mail; 5 seconds.
	Patience time.Duration
}

// Authenticate checks a mail. SPF, the signatures and the domain's policy are looked up
// concurrently, each with its own queries, so that a slow or large domain cannot block the others.
func (c Checker) Authenticate(ctx context.Context, envelope Envelope, content io.Reader) (Result, error) {
	reader := bufio.NewReaderSize(content, 32<<10)
	head, err := readHeader(reader)
	if err != nil {
		return Result{}, fmt.Errorf("read the mail's header: %w", err)
	}
	patience := c.Patience
	if patience == 0 {
		patience = standardPatience
	}
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	result := Result{Domain: head.sender()}
	var way identity
	var signatures []identity
	var wish policy
	var notes [3][]string
	var group errgroup.Group
	group.Go(func() error {
		way, notes[0] = checkSPF(asking, c.Resolver, envelope)
		return nil
	})
	group.Go(func() (err error) {
		signatures, notes[1], err = checkSignatures(asking, c.Resolver, head, reader)
		return err
	})
	group.Go(func() error {
		wish, notes[2] = findPolicy(asking, c.Resolver, result.Domain)
		return nil
	})
	if err := group.Wait(); err != nil {
		return Result{}, fmt.Errorf("read the mail: %w", err)
	}
	for _, each := range notes {
		result.Notes = append(result.Notes, each...)
	}
	result.Verdicts = received.Verdicts{SPF: way.verdict, DKIM: combined(signatures)}
	result.judge(wish, append(signatures, way), c.Random)
	return result, nil
}

// judge compares the checked domains with the one in the From header.
func (r *Result) judge(wish policy, identities []identity, random func() float64) {
	r.Verdicts.DMARC = wish.judge(r.Domain, identities)
	switch {
	case r.Domain == "":
		r.Notes = append(r.Notes, "there is no one domain in the From header")
	case wish.found:
		r.Authenticated = r.Verdicts.DMARC == pass
	case wish.absent:
		r.Authenticated = proven(r.Domain, identities)
	}
	if r.Verdicts.DMARC == fail {
		r.Verdicts.DMARCPolicy = wish.sampled(random)
	}
}

// proven reports whether an identity that passes authenticates the domain in relaxed mode.
func proven(domain string, identities []identity) bool {
	for _, each := range identities {
		if each.verdict == pass && aligned(each.domain, domain, false) {
			return true
		}
	}
	return false
}

// whole reads the mail again, from its beginning. A read error ends it, and is kept: the DKIM
// library would wait for its own goroutines forever.
type whole struct {
	from io.Reader
	err  error
}

func newWhole(head header, rest io.Reader) *whole {
	return &whole{from: io.MultiReader(bytes.NewReader(head.raw), rest)}
}

// Read reads from the content.
func (w *whole) Read(into []byte) (int, error) {
	n, err := w.from.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err, err = err, io.EOF
	}
	return n, err
}
