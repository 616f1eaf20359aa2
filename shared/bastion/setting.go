package bastion

import (
	"context"
	"net"
	"net/url"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Side is which of the two installations this one is.
type Side string

// The sides.
const (
	Production  Side = "production"
	BastionSide Side = "bastion"
)

// Setting is how this installation and its peer know each other.
type Setting struct {
	// Enabled is off until an operator turns it on.
	Enabled bool `json:"enabled"`
	// Side is "" before an operator has chosen.
	Side Side `json:"side,omitempty"`
	// PeerURL is the beginning of the bastion's addresses, as in https://bastion.example.com; "" at the
	// bastion, which calls nobody.
	PeerURL string `json:"peer_url,omitempty"`
	// PeerKey is the public key of the other installation, in base64url.
	PeerKey string `json:"peer_key,omitempty"`
	// Modified is in epoch seconds; 0 before the first change.
	Modified int64 `json:"modified_time,omitempty"`
	// Version grows with each change; 0 before the first one.
	Version int64 `json:"-"`
	// Key is this installation's own public key; "" before the first change.
	Key string `json:"-"`
	own instanceKey
}

// Change is a request to change the settings; nil fields stay as they are. Version, if not 0, is the version
// that the caller read.
type Change struct {
	Enabled *bool
	Side    *Side
	PeerURL *string
	PeerKey *string
	Version int64
}

// Setting reads the settings, for operators.
func (s *Service) Setting(ctx context.Context, by identity.Principal) (Setting, error) {
	if err := operator(by); err != nil {
		return Setting{}, err
	}
	return s.setting(ctx)
}

// Stages reports whether operators can stage organizations here.
func (s *Service) Stages(ctx context.Context, by identity.Principal) (bool, error) {
	setting, err := s.Setting(ctx, by)
	return setting.is(Production), err
}

// setting is Setting without a check.
func (s *Service) setting(ctx context.Context) (Setting, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{settingKey(), ownKey()})
	if err != nil {
		return Setting{}, err
	}
	return decodeSetting(items[0], items[1])
}

func decodeSetting(stored, key table.Item) (Setting, error) {
	var setting Setting
	if stored.Version > 0 {
		if err := change.Decode(stored, &setting); err != nil {
			return Setting{}, err
		}
	}
	if key.Version > 0 {
		if err := change.Decode(key, &setting.own); err != nil {
			return Setting{}, err
		}
	}
	setting.Version, setting.own.version, setting.Key = stored.Version, key.Version, setting.own.Public
	return setting, nil
}

// is reports whether the switch is on at a side.
func (s Setting) is(side Side) bool { return s.Enabled && s.Side == side }

// ChangeSetting changes the settings, for operators. The first change makes this installation's key. While
// organizations are staged, production stays so and stays on; while the bastion holds some, it stays the
// bastion. It writes nothing if nothing changes.
func (s *Service) ChangeSetting(ctx context.Context, by identity.Principal, request Change) (Setting, error) {
	before, err := s.Setting(ctx, by)
	if err != nil {
		return Setting{}, err
	}
	if request.Version != 0 && request.Version != before.Version {
		return Setting{}, fault.Stale(before.Version)
	}
	after := request.apply(before)
	if err := s.check(after); err != nil {
		return Setting{}, err
	}
	if _, readable := s.private(before.own); after == before && (before.own.version == 0 || readable) {
		return before, nil
	}
	if err := s.mayLeave(ctx, before, after); err != nil {
		return Setting{}, err
	}
	if after.own, err = s.renewed(before.own); err != nil {
		return Setting{}, err
	}
	after.Key, after.Modified = after.own.Public, s.journal.Now().Unix()
	var writes []table.Write
	for _, one := range []struct {
		key     table.Key
		value   any
		version int64
	}{{settingKey(), after, before.Version}, {ownKey(), after.own, before.own.version}} {
		write, err := put(one.key, one.value, one.version)
		if err != nil {
			return Setting{}, err
		}
		writes = append(writes, write)
	}
	after.Version++
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "bastion.change", Message: "Changed the settings of the bastion", PlatformLog: true,
		Target: "platform:bastion", Before: before, After: after, Writes: writes,
	})
	if table.ConflictAt(err, settingKey()) || table.ConflictAt(err, ownKey()) {
		present, err := s.setting(ctx)
		if err != nil {
			return Setting{}, err
		}
		return Setting{}, fault.Stale(present.Version)
	}
	return after, err
}

// put returns the write that stores a value under a key whose item has a version; 0 for none.
func put(key table.Key, value any, version int64) (table.Write, error) {
	item, err := change.Encode(key, value)
	if err != nil {
		return table.Write{}, err
	}
	if item.Version = version; version == 0 {
		return table.Create(item), nil
	}
	return table.Update(item), nil
}

func (c Change) apply(setting Setting) Setting {
	if c.Enabled != nil {
		setting.Enabled = *c.Enabled
	}
	if c.Side != nil {
		setting.Side = *c.Side
	}
	if c.PeerURL != nil {
		setting.PeerURL = strings.TrimRight(strings.TrimSpace(*c.PeerURL), "/")
	}
	if c.PeerKey != nil {
		setting.PeerKey = strings.TrimSpace(*c.PeerKey)
	}
	return setting
}

// check returns a fault of code Invalid if the settings break a rule.
func (s *Service) check(setting Setting) error {
	if setting.Side != "" && setting.Side != Production && setting.Side != BastionSide {
		return fault.OneOf("side", []Side{Production, BastionSide})
	}
	if setting.PeerKey != "" {
		if _, ok := parseKey(setting.PeerKey); !ok {
			return fault.InField("peer_key", "must be the key that the other installation shows")
		}
		if setting.PeerKey == setting.Key {
			return fault.InField("peer_key", "is this installation's own key: enter that of the other one")
		}
	}
	if setting.PeerURL != "" {
		if setting.Side == BastionSide {
			return fault.InField("peer_url", "must be empty at the bastion, which calls nobody")
		}
		if err := s.checkURL(setting.PeerURL); err != nil {
			return err
		}
	}
	switch {
	case !setting.Enabled:
	case setting.Side == "":
		return fault.InField("side", "must say which of the two installations this is")
	case setting.PeerKey == "":
		return fault.InField("peer_key", "must be the key that the other installation shows")
	case setting.Side == Production && setting.PeerURL == "":
		return fault.InField("peer_url", "must be the address of the bastion")
	}
	return nil
}

// maxURL is the maximum length of the bastion's address in bytes.
const maxURL = 300

// checkURL refuses what is not the beginning of an address. Plain HTTP is only for tests and setups on one
// machine, where the host is named in the environment.
func (s *Service) checkURL(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || outward.Check(address) != nil || len(address) > maxURL {
		return fault.InField("peer_url", "must be an address like https://bastion.example.com")
	}
	if parsed.Path != "" || parsed.RawQuery != "" || parsed.Fragment != "" || parsed.ForceQuery {
		return fault.InField("peer_url", "must end with the name of the server, or its port")
	}
	ip := net.ParseIP(parsed.Hostname())
	if parsed.Scheme != "https" && (ip == nil || !ip.IsLoopback() || !s.client.Allows(parsed.Host)) {
		return fault.InField("peer_url", "must begin with https://")
	}
	return nil
}

// mayLeave refuses to leave a side while there are organizations that only this side can end.
func (s *Service) mayLeave(ctx context.Context, before, after Setting) error {
	if before.is(Production) && !after.is(Production) {
		busy, err := s.anyStaged(ctx)
		if err != nil {
			return err
		}
		if busy {
			return fault.New(fault.Conflict, "The bastion has copies of organizations. Unstage them first.")
		}
	}
	if before.Side == BastionSide && after.Side != BastionSide {
		page, err := s.journal.Query(ctx, table.Query{Partition: heldPartition, Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Items) > 0 {
			return fault.New(fault.Conflict, "This bastion holds organizations. Unstage them at production first.")
		}
	}
	return nil
}
