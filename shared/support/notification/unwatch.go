package notification

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
)

const (
	// watchPurpose binds the sealed tokens that end the watching of a case.
	watchPurpose = "unwatch"
	// watchLife is how long such a token works: as long as we remember the mails of a case.
	watchLife = 400 * 24 * time.Hour
)

// watchLink is the content of a token that ends the watching of a case by a person.
type watchLink struct {
	OrgID  string `json:"o"`
	CaseID string `json:"c"`
	Number int64  `json:"n"`
	UserID string `json:"p"`
	Until  int64  `json:"u"`
}

// watchToken returns the token that ends the watching of a case without a log-in; "" for a recipient
// who does not watch it, or gets the mail for another reason too.
func (s *Service) watchToken(r reader) (string, error) {
	watches := slices.ContainsFunc(r.Watchers, func(p support.Party) bool { return p.ID == r.person.ID })
	if !watches || reasonOf(r) != Watching {
		return "", nil
	}
	text, err := json.Marshal(watchLink{
		OrgID: r.OrgID, CaseID: r.ID, Number: r.Number, UserID: r.person.ID,
		Until: s.journal.Now().Add(watchLife).Unix(),
	})
	return s.keyring.Seal(watchPurpose, "", text), err
}

// Watched returns the number of the case of a token that ends watching, and a fault of code Invalid for
// any other token. It reads nothing.
func (s *Service) Watched(token string) (number int64, err error) {
	link, err := s.openWatchLink(token)
	return link.Number, err
}

func (s *Service) openWatchLink(token string) (watchLink, error) {
	var link watchLink
	text, err := s.keyring.Open(watchPurpose, "", token)
	if err == nil {
		err = json.Unmarshal(text, &link)
	}
	if err != nil {
		return watchLink{}, fault.New(fault.Invalid, "The link is not valid. Use the link in the mail unchanged.")
	}
	if s.journal.Now().Unix() >= link.Until {
		return watchLink{}, fault.New(fault.Invalid, "The link has expired. Use that of a later mail about the case.")
	}
	return link, nil
}

// Unwatch ends the watching of a case by the person whom a token was made for. It does nothing if there is
// nothing to end: they no longer watch it or lost their access to it, or the case or the account is gone.
func (s *Service) Unwatch(ctx context.Context, token, sourceAddress string) error {
	link, err := s.openWatchLink(token)
	if err != nil {
		return err
	}
	person, err := s.accounts.Person(ctx, link.UserID)
	if err == nil {
		err = s.cases.StopWatching(ctx, person.Principal("link", sourceAddress), link.OrgID, link.CaseID)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil
	}
	return err
}
