package identity

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// askedWithin is the time in which maxAsked requests for the same consent may be made.
	askedWithin = 7 * 24 * time.Hour
	maxAsked    = 3
	// maxAskReason is the longest reason of a request, in characters.
	maxAskReason = 500
)

// ConsentRequest is the provider's request for a consent. It is open until the organization decides.
type ConsentRequest struct {
	Kind    ConsentKind `json:"kind"`
	Grantee Grantee     `json:"grantee"`
	// Until is the end that was asked for, in epoch seconds; 0 for none.
	Until  int64  `json:"until,omitempty"`
	Reason string `json:"reason"`
	ByID   string `json:"by_id"`
	ByName string `json:"by_name"`
	// Asked are the times of the latest requests for this consent in epoch seconds, oldest first.
	Asked []int64 `json:"asked"`
}

// At returns when the request was made, in epoch seconds.
func (r ConsentRequest) At() int64 { return r.Asked[len(r.Asked)-1] }

// Open reports whether the organization has not decided since.
func (r ConsentRequest) Open(consents Consents) bool {
	return len(r.Asked) > 0 && r.At() > consents[r.Kind][r.Grantee].Since
}

const requestSort = "CONSENTREQUEST#"

func requestKey(orgID string, kind ConsentKind, grantee Grantee) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: requestSort + string(kind) + "#" + string(grantee)}
}

// ConsentRequests lists the latest request for each consent of an organization, whether open or not.
// It checks no permission, which is up to the caller.
func (a *Accounts) ConsentRequests(ctx context.Context, orgID string) ([]ConsentRequest, error) {
	page, err := a.journal.Query(ctx, table.WithPrefix(table.Core, "ORG#"+orgID, requestSort))
	if err != nil {
		return nil, err
	}
	return change.DecodePage[ConsentRequest](page)
}

// RequestConsent asks an organization for a consent, for those who could give it up: operators and
// the super users of its MSP. The organization's administrators get a mail.
func (a *Accounts) RequestConsent(
	ctx context.Context, by Principal, place Place, consents Consents, request ConsentRequest,
) (ConsentRequest, error) {
	if err := CheckConsent(request.Kind, request.Grantee, place); err != nil {
		return ConsentRequest{}, err
	}
	if err := by.Check(SeeOrg, place); err != nil {
		return ConsentRequest{}, err
	}
	if !by.RepresentsGrantee(request.Grantee, place) {
		return ConsentRequest{}, fault.New(fault.Forbidden,
			"Only operators ask for the operator, and super users of the organization's MSP for the MSP.")
	}
	if err := CheckParagraphs("reason", request.Reason, 1, maxAskReason); err != nil {
		return ConsentRequest{}, err
	}
	now := a.journal.Now().Unix()
	if request.Until != 0 && request.Until <= now {
		return ConsentRequest{}, fault.InField("until", "must be in the future, in epoch seconds")
	}
	if consents[request.Kind][request.Grantee].Holds(now) {
		return ConsentRequest{}, fault.New(fault.Conflict, "%s has this consent already.", request.Grantee.title())
	}
	key := requestKey(place.OrgID, request.Kind, request.Grantee)
	var present ConsentRequest
	version, err := a.journal.Get(ctx, key, &present)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return ConsentRequest{}, err
	}
	if present.Open(consents) {
		return ConsentRequest{}, fault.New(fault.Conflict, "This was already asked, and the organization has not decided yet.")
	}
	oldest := now - int64(askedWithin/time.Second)
	asked := slices.DeleteFunc(present.Asked, func(at int64) bool { return at <= oldest })
	if len(asked) >= maxAsked {
		limited := fault.New(fault.Limited, "This was asked %d times in a week. Ask again later.", maxAsked)
		limited.RetryAfter = time.Duration(asked[0]-oldest) * time.Second
		return ConsentRequest{}, limited
	}
	request.Asked = append(asked, now)
	request.ByID, request.ByName = by.UserID, by.Name()
	item, err := change.Encode(key, request)
	if err != nil {
		return ConsentRequest{}, err
	}
	write := table.Create(item)
	if item.Version = version; version > 0 {
		write = table.Update(item)
	}
	messages, err := a.askingMessages(ctx, place, request)
	if err != nil {
		return ConsentRequest{}, err
	}
	err = a.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "orgs.create_consent_request", Message: "Asked for " + Describe(request.Kind, request.Grantee),
		OrgID: place.OrgID, MSPID: place.MSPID, Target: "org:" + place.OrgID, After: request,
		Writes: []table.Write{write}, Messages: messages,
	})
	if table.ConflictAt(err, key) {
		return ConsentRequest{}, fault.New(fault.Conflict, "Somebody else asked for this in the meantime.")
	}
	return request, err
}

// askingMessages returns the mails to those who can decide on a request.
func (a *Accounts) askingMessages(
	ctx context.Context, place Place, request ConsentRequest,
) ([]queue.Message, error) {
	deciding, err := a.PeopleAt(ctx, place, maxAnnounced, func(person Person) bool {
		return person.GetsMail() && person.Principal("", "").OwnAdministrator(place)
	})
	if err != nil {
		return nil, err
	}
	messages := make([]queue.Message, len(deciding))
	for i, person := range deciding {
		messages[i], err = Notice{
			Kind: NoticeConsentRequest, RecipientID: person.ID, Scope: OrgScope, ScopeID: place.OrgID,
			PlaceName: place.Name, Consent: request.Kind, Grantee: request.Grantee, Reason: request.Reason,
			ByName: request.ByName, Until: request.Until,
		}.message("USER#" + person.ID)
		if err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// title returns the grantee at the beginning of a sentence.
func (g Grantee) title() string { return "The " + g.name() }
