package bastion

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// failure says why a request was not confirmed.
type failure struct {
	// reason is a sentence for operators.
	reason string
	// down is set if other requests would fail too.
	down bool
}

// errLower means that the bastion has done a request with a higher number.
var errLower = errors.New("bastion: a later request was received before")

// wants reports whether the bastion should be sent something of an organization: what was asked for, or what
// has changed in one that is staged.
func (s Status) wants(body []byte) bool {
	switch s.State {
	case tenant.StageRequested, tenant.UnstageRequested:
		return s.Due > 0
	case tenant.Staged:
		return s.SHA256 != hash(body)
	}
	return false
}

// send sends what the bastion should have of an organization, and stores its receipt. It decides by the
// present state, so it may be called for the same more than once, also at the same time. It reports whether
// the bastion is down, for which the reason is stored with the organization.
func (s *Service) send(ctx context.Context, orgID string) (down bool, err error) {
	for range attempts {
		// The number first, the state after it: whoever changes the state later takes a later number, and
		// the bastion refuses this one behind that.
		number, err := s.journal.Next(ctx, numberKey())
		if err != nil {
			return false, err
		}
		setting, err := s.setting(ctx)
		if err != nil {
			return false, err
		}
		org, status, err := s.load(ctx, orgID)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		body, err := contentOf(org).body()
		if err != nil {
			return false, err
		}
		if !status.wants(body) {
			return false, s.settle(ctx, status)
		}
		if !setting.is(Production) {
			return true, s.failed(ctx, orgID, "The bastion is switched off at this installation.")
		}
		receipt, failure, err := s.call(ctx, setting, status, number, body)
		switch {
		case errors.Is(err, errLower):
			if err := s.skip(ctx, number); err != nil {
				return false, err
			}
			continue
		case err != nil:
			return false, err
		case failure != nil && failure.down:
			err := s.journal.Mark(ctx, downMark(), downtime{At: s.journal.Now().Unix(), Reason: failure.reason}, 0)
			if err != nil {
				return false, err
			}
			return true, s.failed(ctx, orgID, failure.reason)
		case failure != nil:
			return false, s.failed(ctx, orgID, failure.reason)
		}
		if more, err := s.confirm(ctx, status, receipt); err != nil || !more {
			return false, err
		}
	}
	return false, nil // the next look at what is due finds it
}

// settle ends the wait for a receipt that is not needed any more: of a name that was changed back.
func (s *Service) settle(ctx context.Context, status Status) error {
	if status.State != tenant.Staged || status.Due == 0 {
		return nil
	}
	settled := func(org tenant.Org, before Status) (Status, change.Record, error) {
		body, err := contentOf(org).body()
		if err != nil || before.State != tenant.Staged || before.Due == 0 || before.wants(body) {
			return before, change.Record{}, err
		}
		after := before
		after.Due, after.Reason = 0, ""
		return after, change.Record{
			Action: "bastion.confirm_org", Message: "The bastion has a copy of the organization " + org.Name,
		}, nil
	}
	return s.move(ctx, change.ByPlatform(), status.OrgID, settled)
}

// skip moves the counter of requests up to the microseconds since 1970. Every number of the past was lower,
// so the next one is higher than all that the bastion knows, also after a backup of production was restored.
func (s *Service) skip(ctx context.Context, number int64) error {
	micros := s.journal.Now().UnixMicro()
	err := s.journal.Spend(ctx, table.Add(numberKey(), max(micros-number, 0), micros, 0))
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		return nil // another request did it
	}
	return err
}

// maxAnswer is the maximum size of an answer in bytes.
const maxAnswer = 4 << 10

// call sends a request to the bastion and returns its receipt, or why there is none. A request whose answer
// is lost is sent again at once, as the same.
func (s *Service) call(
	ctx context.Context, setting Setting, status Status, number int64, body []byte,
) (Receipt, *failure, error) {
	private, ok := s.private(setting.own)
	if !ok {
		reason := "The key of this installation cannot be read: save the settings of the bastion."
		return Receipt{}, &failure{reason, true}, nil
	}
	request := Request{
		Method: http.MethodPut, OrgID: status.OrgID, Body: body, ID: s.journal.NewID(),
		Number: strconv.FormatInt(number, 10), To: setting.PeerKey,
	}
	if status.State == tenant.UnstageRequested {
		request.Method, request.Body = http.MethodDelete, nil
	}
	request.Digest = signature.Digest(request.Body)
	request.Signature = signature.Sign(private, signature.Key{ID: setting.Key, Tag: tag}, s.journal.Now(),
		request.covered())
	var answered outward.Answer
	var err error
	for range 2 {
		answered, err = s.client.Call(ctx, request.Method, setting.PeerURL+PeerPath+request.OrgID, request.headers(),
			request.Body, maxAnswer)
		if err == nil {
			break
		}
	}
	if refusal, ok := errors.AsType[*outward.Error](err); ok {
		return Receipt{}, &failure{"The bastion " + refusal.Reason + ".", true}, nil
	}
	if err != nil {
		return Receipt{}, nil, err
	}
	if answered.Status == http.StatusConflict {
		return Receipt{}, nil, errLower
	}
	if answered.Status != http.StatusOK {
		return Receipt{}, refusalOf(answered.Status), nil
	}
	receipt, wrong := s.read(setting, request, answered)
	return receipt, wrong, nil
}

// refusalOf returns what an answer without a receipt means.
func refusalOf(status int) *failure {
	switch status {
	case http.StatusNotFound:
		return &failure{"The bastion answers with the status 404: its switch is off, or it is no bastion.", true}
	case http.StatusForbidden:
		return &failure{"The bastion refuses the signature. Compare the keys and the clocks of both.", true}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return &failure{"The bastion is busy.", true}
	}
	return &failure{"The bastion answers with the status " + strconv.Itoa(status) + ".", false}
}

// read returns the receipt in an answer, if the bastion has signed it for this request.
func (s *Service) read(setting Setting, request Request, answered outward.Answer) (Receipt, *failure) {
	public, ok := parseKey(setting.PeerKey)
	answer := Answer{
		Body: answered.Body, Digest: signature.Digest(answered.Body),
		Signature: signature.Headers{
			Input: answered.Header.Get("Signature-Input"), Signature: answered.Header.Get("Signature"),
		},
	}
	key := signature.Key{ID: setting.PeerKey, Tag: tag}
	err := signature.Verify(public, key, s.journal.Now(), answer.coveredBy(request.Signature), answer.Signature)
	if !ok || err != nil {
		return Receipt{}, &failure{"The answer is not signed by the bastion. Compare the keys and the clocks of both.", true}
	}
	var receipt Receipt
	want := Receipt{
		Request: request.ID, Number: request.number(), OrgID: request.OrgID, State: tenant.Unstaged,
	}
	if request.Method == http.MethodPut {
		want.State, want.SHA256 = tenant.Staged, hash(request.Body)
	}
	if err := json.Unmarshal(answer.Body, &receipt); err != nil || !receipt.confirms(want) {
		return Receipt{}, &failure{"The bastion confirms something else than what was sent.", false}
	}
	return receipt, nil
}

// confirms reports whether a receipt is as expected, whatever was gone.
func (r Receipt) confirms(want Receipt) bool {
	return r.Request == want.Request && r.Number == want.Number && r.OrgID == want.OrgID && r.State == want.State &&
		r.SHA256 == want.SHA256
}

// confirm stores the receipt of what was sent in a status, unless that is over. It reports whether the
// organization was renamed meanwhile, so that the bastion should get the other name.
func (s *Service) confirm(ctx context.Context, sent Status, receipt Receipt) (renamed bool, err error) {
	err = s.move(ctx, change.ByPlatform(), sent.OrgID, func(org tenant.Org, before Status) (Status, change.Record, error) {
		renamed = false
		if before.State != sent.State || before.Round != sent.Round {
			return before, change.Record{}, nil
		}
		body, err := contentOf(org).body()
		if err != nil {
			return before, change.Record{}, err
		}
		after, now := before, s.journal.Now().Unix()
		after.SHA256, after.Reason, after.Due = receipt.SHA256, "", 0
		record := change.Record{
			Action: "bastion.confirm_org", Message: "The bastion has a copy of the organization " + org.Name,
		}
		if receipt.State == tenant.Unstaged {
			record.Message = "The bastion has no copy of the organization " + org.Name + " any more"
		} else if receipt.SHA256 != hash(body) {
			after.Due, renamed = now, true
		}
		if after.State != receipt.State {
			after.State, after.Since = receipt.State, now
		}
		return after, record, nil
	})
	return renamed, err
}

// failed stores why the bastion did not confirm something. A day after it was asked for, it is given up.
func (s *Service) failed(ctx context.Context, orgID, reason string) error {
	err := s.move(ctx, change.ByPlatform(), orgID, func(org tenant.Org, before Status) (Status, change.Record, error) {
		body, err := contentOf(org).body()
		if err != nil || !before.wants(body) {
			return before, change.Record{}, err
		}
		after, now := before, s.journal.Now().Unix()
		after.Reason = reason
		if after.Due == 0 {
			after.Due = now
		} else if over(after.Due, now) {
			after.Due = 0
		}
		if after == before {
			return before, change.Record{}, nil
		}
		record := change.Record{
			Action: "bastion.refuse_org", Message: "The bastion did not confirm the organization " + org.Name,
		}
		return after, record, nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
