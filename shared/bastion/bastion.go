// Package bastion keeps copies of organizations at a second installation. Of the two, production has the
// organizations and calls; the bastion stands where devices reach it, holds what it was sent, and never
// opens a connection to production. Here are the switch and the keys of both sides, the states of
// organizations at production, what is sent, and what the bastion does with it. How messages are signed is
// in the folder signature; the states themselves are in package tenant.
package bastion

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The keys of this package, in the core table:
//
//	PLATFORM             BASTION            the settings
//	PLATFORM             BASTIONKEY         this installation's key
//	PLATFORM             BASTIONNUMBER      counts the requests of production
//	PLATFORM             MARK#BASTION_DUE   when what is due was put on its queue last
//	PLATFORM             MARK#BASTION_DOWN  when the bastion did not answer last
//	PLATFORM             PEER               at the bastion: the last request of production, with its receipt
//	PLATFORM#BASTION     ORG#<org>          at production: an organization that the bastion may hold
//	PLATFORM#BASTION     UNSTAGED#<org>     at production: one that it held before
//	PLATFORM#BASTIONDUE  <time>#<org>       at production: one whose receipt is awaited since a time
//	PLATFORM#HELD        ORG#<org>          at the bastion: an organization that it holds
//
//	access pattern                          request
//	what a request of production needs      1 BatchGet
//	look for what is due                    1 Get and 1 Query
//	a page of organizations                 1 Query and 1 BatchGet per 100
const (
	platformPartition = "PLATFORM"
	stagedPartition   = "PLATFORM#BASTION"
	duePartition      = "PLATFORM#BASTIONDUE"
	heldPartition     = "PLATFORM#HELD"
	orgSort           = "ORG#"
	unstagedSort      = "UNSTAGED#"
)

func settingKey() table.Key { return table.Key{Partition: platformPartition, Sort: "BASTION"} }
func ownKey() table.Key     { return table.Key{Partition: platformPartition, Sort: "BASTIONKEY"} }
func numberKey() table.Key  { return table.Key{Partition: platformPartition, Sort: "BASTIONNUMBER"} }
func peerKey() table.Key    { return table.Key{Partition: platformPartition, Sort: "PEER"} }
func dueMark() table.Key    { return table.Key{Partition: platformPartition, Sort: "MARK#BASTION_DUE"} }
func downMark() table.Key   { return table.Key{Partition: platformPartition, Sort: "MARK#BASTION_DOWN"} }

func heldKey(orgID string) table.Key {
	return table.Key{Partition: heldPartition, Sort: orgSort + orgID}
}

// Service stages organizations at production, and holds them at the bastion. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	tenants *tenant.Tenants
	keyring *seal.Keyring
	client  *outward.Client
}

// New returns the service; client calls the bastion.
func New(
	journal *change.Journal, tenants *tenant.Tenants, keyring *seal.Keyring, client *outward.Client,
) *Service {
	return &Service{journal: journal, tenants: tenants, keyring: keyring, client: client}
}

// operator returns nil for those who run the platform.
func operator(by identity.Principal) error {
	return by.Check(identity.RunPlatform, identity.ThePlatform())
}
