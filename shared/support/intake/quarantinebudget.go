package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit/network"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// The quarantine has a budget in total, and one for each source and day. Counters in the
// transaction of an entry hold them: an entry whose content does not fit keeps the headers of the
// mail only.
const (
	// maxKeptHeaders is how much of a mail's headers is kept if its content is dropped.
	maxKeptHeaders = 16 << 10
	// maxHeaderEntries is how many mails without content are kept of one source in a day. More are
	// not accepted by the SMTP server.
	maxHeaderEntries = 1000
	// sourceCountedFor is how long the counters of a source are kept: longer than their day.
	sourceCountedFor = 48 * time.Hour
)

func quarantineTotalKey() table.Key {
	return table.Key{Partition: support.QuarantineBudgetPartition, Sort: "BYTES"}
}

// quarantineSource is whose mail counts together: a network, or the domain of the envelope's sender
// if the mail came through a server in front, whose own address says nothing.
func (s *Service) quarantineSource(sourceAddress, envelopeFrom string) string {
	address, err := netip.ParseAddr(sourceAddress)
	if address = address.Unmap(); err == nil && !s.inFront(address) {
		return network.Site(address).String()
	}
	return "@" + asciiDomain(envelopeFrom)
}

// inFront reports whether an address is that of a mail server in front: on this machine, in a
// private network, or one of those that the installation trusts.
func (s *Service) inFront(address netip.Addr) bool {
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() ||
		slices.ContainsFunc(s.budgets.Relays, func(network netip.Prefix) bool { return network.Contains(address) })
}

func (s *Service) quarantineSourceKey(source, counter string) table.Key {
	day := s.journal.Now().Format(time.DateOnly)
	return table.Key{Partition: support.QuarantineBudgetPartition + "#" + source, Sort: day + "#" + counter}
}

// quarantineCounts returns the writes that count an entry. A mail that a case accepted too belongs to
// the case, and does not count here.
func (s *Service) quarantineCounts(q Quarantined) []table.Write {
	source := s.quarantineSource(q.Mail.SourceAddress, q.Mail.EnvelopeFrom)
	expires := s.journal.Now().Add(sourceCountedFor).Unix()
	switch {
	case q.Taken || q.Size == 0:
		return nil
	case q.HeadersOnly:
		return []table.Write{
			table.Add(s.quarantineSourceKey(source, "HEADERS"), 1, table.Unlimited, expires),
		}
	}
	return []table.Write{
		table.Add(quarantineTotalKey(), q.Size, s.budgets.QuarantineBytes, 0),
		table.Add(s.quarantineSourceKey(source, "BYTES"), q.Size, s.budgets.QuarantineDailyBytes, expires),
	}
}

// beyondBudget returns the entry without its content if a counter says that there is no room for it.
func (s *Service) beyondBudget(q Quarantined, err error) (Quarantined, bool) {
	conflict, ok := errors.AsType[*table.ConflictError](err)
	if !ok {
		return q, false
	}
	source := s.quarantineSource(q.Mail.SourceAddress, q.Mail.EnvelopeFrom)
	why := ""
	switch conflict.Key {
	case quarantineTotalKey():
		why = fmt.Sprintf("the quarantine is full: it may hold %s", budget.InWords(s.budgets.QuarantineBytes))
	case s.quarantineSourceKey(source, "BYTES"):
		why = fmt.Sprintf("%s sent more than %s today that was quarantined", source,
			budget.InWords(s.budgets.QuarantineDailyBytes))
	default:
		return q, false
	}
	q.HeadersOnly, q.Counted = true, 0
	q.Detail += "; only the headers are kept, because " + why
	return q, true
}

// uncounted returns the writes that give back what an entry counted.
func (q Quarantined) uncounted() []table.Write {
	if q.Counted == 0 {
		return nil
	}
	return []table.Write{table.Add(quarantineTotalKey(), -q.Counted, table.Unlimited, 0)}
}

// withContent returns a fault of code Conflict if the content of a mail was dropped, so that it can
// be neither replayed nor released.
func (q Quarantined) withContent() error {
	if q.HeadersOnly {
		return fault.New(fault.Conflict, "Only the headers of this mail were kept, because the quarantine had no room "+
			"for its content. Ask the sender to send it again, and delete it here.")
	}
	return nil
}

// keepHeaders replaces a stored mail with its headers. It can be repeated.
func (s *Service) keepHeaders(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	content, err := s.files.Open(ctx, key)
	if errors.Is(err, blob.ErrAbsent) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the mail whose content is dropped: %w", err)
	}
	headers, err := headersOf(content)
	if err = errors.Join(err, content.Close()); err != nil {
		return err
	}
	_, err = s.files.Put(ctx, key, bytes.NewReader(headers), maxKeptHeaders)
	return err
}

// headersOf reads the headers of a mail with the empty line behind them, as far as they are kept.
func headersOf(content io.Reader) ([]byte, error) {
	reader := bufio.NewReader(io.LimitReader(content, maxKeptHeaders))
	var headers []byte
	for {
		line, err := reader.ReadSlice('\n')
		headers = append(headers, line...)
		switch {
		case errors.Is(err, io.EOF), err == nil && len(bytes.TrimRight(line, "\r\n")) == 0:
			return headers, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// AdmitSource returns a fault of code Limited if so much mail of a source was quarantined today that
// no more is accepted. Mail through a server in front is always accepted.
func (s *Service) AdmitSource(ctx context.Context, sourceAddress string) error {
	if address, err := netip.ParseAddr(sourceAddress); err != nil || s.inFront(address.Unmap()) {
		return nil //nolint:nilerr // mail that comes without an address comes through a server
	}
	var entries int64
	key := s.quarantineSourceKey(s.quarantineSource(sourceAddress, ""), "HEADERS")
	if _, err := s.journal.Get(ctx, key, &entries); unlessAbsent(err) != nil {
		return err
	}
	if entries >= maxHeaderEntries {
		return fault.New(fault.Limited, "Too much mail from your network was quarantined today. Try again tomorrow.")
	}
	return nil
}

// QuarantineUsage is how much the quarantine holds, and how much it may hold, in bytes.
type QuarantineUsage struct{ Used, Limit, SourceDaily int64 }

// QuarantineUsage returns how much of its budget the quarantine uses, for operators.
func (s *Service) QuarantineUsage(ctx context.Context, by identity.Principal) (QuarantineUsage, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return QuarantineUsage{}, err
	}
	usage := QuarantineUsage{Limit: s.budgets.QuarantineBytes, SourceDaily: s.budgets.QuarantineDailyBytes}
	_, err := s.journal.Get(ctx, quarantineTotalKey(), &usage.Used)
	return usage, unlessAbsent(err)
}
