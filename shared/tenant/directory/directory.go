// Package directory finds organizations: lists in several orders, by label, and by a part of their name,
// with their totals. It has the search index of organizations, its worker, its rebuild and its
// verification, and changes no organization. What lists show is read from the organizations themselves;
// the index only says which ones, and in which order.
//
// # Spaces
//
// An organization is in two spaces of the index, package search:
//
//	MSP#<id>#ORGS        the organizations of an MSP
//	PLATFORM#ORGS        the direct customers
//	PLATFORM#ALLORGS     all of them, for operators
//
// # Keys
//
// The index identifies documents by small numbers. An organization gets one when it is indexed for the
// first time. In the core table:
//
//	ORG#<id>         MARK#NUMBER       its number
//	ORGNUMBER#<n>    MARK#NUMBER       the organization with a number
//	PLATFORM         COUNT#ORGNUMBER   the last number
//	PLATFORM         MARK#ORG_INDEX    which form the index has; see renew.go
//
// # Access patterns
//
// A page of at most 100 takes, with the check of the permission; tests hold these figures:
//
//	a list by any order          5 requests; 6 with a label
//	page n of a list             7 requests, and 2 for each 1,000 organizations between it and the nearer end
//	a part of a name             6 requests, and one more for each 100 that have it, up to 1,000
//	a part that more have        5 requests, and 2 for each 1,000 organizations of the space, on the first
//	                             page; in another order than by name, 4 for each 1,000 on each page
//
// # Personal data
//
// The index has no personal data, so nobody learns of any by searching or sorting: the contact of an
// organization, whom not everybody may see, is not in it.
package directory

import (
	"sync/atomic"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service finds organizations. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	tenants *tenant.Tenants
	index   *search.Index
	// complete is set once the index is known to have all organizations, and renewed once it is known to
	// have the present form. Neither ends.
	complete, renewed atomic.Bool
}

// New returns the service.
func New(journal *change.Journal, tenants *tenant.Tenants, index *search.Index) *Service {
	return &Service{journal: journal, tenants: tenants, index: index}
}

// Scope selects the organizations of an MSP; the direct customers if it is empty.
type Scope struct {
	MSPID string
	// All selects those of all MSPs and the direct customers.
	All bool
}

// space returns the part of the index with the scope's organizations.
func (s Scope) space() string {
	switch {
	case s.All:
		return "PLATFORM#ALLORGS"
	case s.MSPID == "":
		return "PLATFORM#ORGS"
	default:
		return "MSP#" + s.MSPID + "#ORGS"
	}
}

// has reports whether an organization belongs to the scope.
func (s Scope) has(org tenant.Org) bool { return s.All || org.MSPID == s.MSPID }
