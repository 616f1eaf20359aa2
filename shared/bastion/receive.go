package bastion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// lastRequest is the last request of production, with its receipt.
type lastRequest struct {
	// Peer is the public key of production; another one begins anew.
	Peer   string `json:"peer"`
	Number int64  `json:"number"`
	// Hash is of all that the request's signature covered.
	Hash    string  `json:"hash"`
	Receipt Receipt `json:"receipt"`
	version int64
}

// Receive does at the bastion what a request of production asks for: PUT holds an organization, DELETE
// deletes it. A fault of code NotFound if this is not a bastion, Forbidden if production did not sign the
// request lately, and Conflict for a number that was before the last one. The last request gets the same
// receipt again.
func (s *Service) Receive(ctx context.Context, request Request) (Answer, error) {
	for attempt := 1; ; attempt++ {
		answer, err := s.receive(ctx, request)
		if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
			return answer, err
		}
		if attempt == attempts {
			return Answer{}, fault.Wrap(err, fault.Unavailable, "Other requests came at the same time. Try again.")
		}
	}
}

func (s *Service) receive(ctx context.Context, request Request) (Answer, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{settingKey(), ownKey(), peerKey(), heldKey(request.OrgID)})
	if err != nil {
		return Answer{}, err
	}
	setting, err := decodeSetting(items[0], items[1])
	if err != nil {
		return Answer{}, err
	}
	if !setting.is(BastionSide) {
		return Answer{}, fault.Missing()
	}
	if err := s.verify(setting, request); err != nil {
		return Answer{}, err
	}
	last := lastRequest{version: items[2].Version}
	if last.version > 0 {
		if err := change.Decode(items[2], &last); err != nil {
			return Answer{}, err
		}
	}
	receipt, err := s.obey(ctx, setting, request, last, items[3])
	if err != nil {
		return Answer{}, err
	}
	return s.answer(setting, request, receipt)
}

// verify returns nil if production has signed a request for this bastion just now.
func (s *Service) verify(setting Setting, request Request) error {
	public, ok := parseKey(setting.PeerKey)
	if !ok {
		return fault.Missing()
	}
	key := signature.Key{ID: setting.PeerKey, Tag: tag}
	err := signature.Verify(public, key, s.journal.Now(), request.covered(), request.Signature)
	switch {
	case err != nil:
		return err
	case request.Digest != signature.Digest(request.Body):
		return fault.New(fault.Forbidden, "The body is not the one that was signed.")
	case request.To != setting.Key:
		return fault.New(fault.Forbidden, "The message is for another installation.")
	case uuid.Validate(request.OrgID) != nil || uuid.Validate(request.ID) != nil || request.number() == 0:
		return fault.New(fault.Invalid, "The message has no valid request id or number.")
	}
	return nil
}

// obey does what a verified request asks for, unless it or a later one was done before.
func (s *Service) obey(
	ctx context.Context, setting Setting, request Request, last lastRequest, held table.Item,
) (Receipt, error) {
	if last.Peer != setting.PeerKey {
		last.Number, last.Hash = 0, ""
	}
	covered := ""
	for _, part := range request.covered() {
		covered += part.Name + ": " + part.Value + "\n"
	}
	now := lastRequest{Peer: setting.PeerKey, Number: request.number(), Hash: hash([]byte(covered))}
	switch {
	case now.Number == last.Number && now.Hash == last.Hash:
		return last.Receipt, nil
	case now.Number <= last.Number:
		return Receipt{}, fault.New(fault.Conflict, "A request with this number or a later one was received before.")
	}
	now.Receipt = Receipt{Request: request.ID, Number: now.Number, OrgID: request.OrgID, Gone: []string{}}
	record, err := s.hold(request, held, &now.Receipt)
	if err != nil {
		return Receipt{}, err
	}
	write, err := put(peerKey(), now, last.version)
	if err != nil {
		return Receipt{}, err
	}
	record.Target, record.PlatformLog, record.Writes = "org:"+request.OrgID, true, append(record.Writes, write)
	by := change.Actor{Kind: change.Platform, Name: "Production"}
	return now.Receipt, s.journal.Commit(change.WithoutOnce(ctx), by, record)
}

// hold returns what changes here by a request, and completes its receipt.
func (s *Service) hold(request Request, held table.Item, receipt *Receipt) (change.Record, error) {
	key := heldKey(request.OrgID)
	if request.Method == http.MethodDelete {
		receipt.State = tenant.Unstaged
		record := change.Record{Action: "bastion.remove_org", Message: "Deleted the copy of an organization"}
		if held.Version > 0 {
			receipt.Gone = []string{"organization"}
			record.Writes = []table.Write{table.Delete(key, held.Version)}
		}
		return record, nil
	}
	var content Content
	decoder := json.NewDecoder(bytes.NewReader(request.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil {
		return change.Record{}, fault.Wrap(err, fault.Invalid, "The organization cannot be read.")
	}
	stored, err := content.body()
	if err != nil {
		return change.Record{}, err
	}
	if content.ID != request.OrgID || !bytes.Equal(stored, request.Body) {
		return change.Record{}, fault.New(fault.Invalid, "The organization is not the one of the path, or has more fields.")
	}
	if err := identity.CheckName("name", content.Name, 1, maxName); err != nil {
		return change.Record{}, err
	}
	receipt.State, receipt.SHA256 = tenant.Staged, hash(stored)
	write, err := put(key, Status{
		OrgID: content.ID, Name: content.Name, State: tenant.Staged, SHA256: receipt.SHA256, Since: s.journal.Now().Unix(),
	}, held.Version)
	return change.Record{
		Action: "bastion.receive_org", Message: "Received the copy of the organization " + content.Name,
		Writes: []table.Write{write},
	}, err
}

// maxName is the maximum length of an organization's name in characters, with room for later releases.
const maxName = 256

// answer signs a receipt of a request.
func (s *Service) answer(setting Setting, request Request, receipt Receipt) (Answer, error) {
	private, ok := s.private(setting.own)
	if !ok {
		return Answer{}, fault.New(fault.Unavailable, "The key of this installation cannot be read any more.")
	}
	body, err := json.Marshal(receipt)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Body: body, Digest: signature.Digest(body)}
	answer.Signature = signature.Sign(private, signature.Key{ID: setting.Key, Tag: tag}, s.journal.Now(),
		answer.coveredBy(request.Signature))
	return answer, nil
}
