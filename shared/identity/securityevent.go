package identity

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// SecurityEvent is something that those who are responsible for a place may want to be told of.
type SecurityEvent string

// The security events.
const (
	// AccountLocked is that wrong passwords locked the account of somebody with a role at the place.
	AccountLocked SecurityEvent = "account_locked"
	// TokenMade is that somebody with a role at the place created an API token.
	TokenMade SecurityEvent = "token_created"
	// ConsentDecided is that an organization gave or withdrew a consent.
	ConsentDecided SecurityEvent = "consent_changed"
	// ConsentEnds is that consents of an organization end soon, or have just ended. The organization's
	// administrators are told, whatever they want; the super users of its MSP, if they want.
	ConsentEnds SecurityEvent = "consent_ends"
	// OrgMoved is that the organization has another provider, OrgArrived that an organization came to the
	// MSP, and OrgLeft that one left it. All who have the highest role are told, whatever they want.
	OrgMoved   SecurityEvent = "org_moved"
	OrgArrived SecurityEvent = "org_arrived"
	OrgLeft    SecurityEvent = "org_left"
)

// What a NoticeDeletion tells of.
const (
	OrgDeleted  SecurityEvent = "org_deleted"
	OrgRestored SecurityEvent = "org_restored"
	MSPDeleted  SecurityEvent = "msp_deleted"
)

// DeletionMail returns the message for the mail to one of those who are told that an organization was
// deleted or restored, or an MSP deleted: the person RecipientID, or an address without an account.
func DeletionMail(notice Notice) (queue.Message, error) {
	notice.Kind = NoticeDeletion
	return notice.message(NoticePlace(notice.Scope, notice.ScopeID).Partition())
}

const (
	// maxAudience is the number of people who are told of an event at one place.
	maxAudience = 40
	// maxEventPlaces is the number of places of a person where an event is told.
	maxEventPlaces = 10
)

// OfMove reports whether an event is one of those of an organization that changes its provider.
func (e SecurityEvent) OfMove() bool { return e == OrgMoved || e == OrgArrived || e == OrgLeft }

// tellsAll reports whether all who have the highest role at a place are told, whatever they want.
func (e SecurityEvent) tellsAll(place Place) bool {
	return e.OfMove() || e == ConsentEnds && place.Scope == OrgScope
}

// SecurityMessage returns the message that tells those who want it of an event, which notice
// describes. Its UserID is the person concerned, or else its Scope and ScopeID are the place.
func SecurityMessage(event SecurityEvent, notice Notice) (queue.Message, error) {
	notice.Kind, notice.Event = NoticeSecurity, event
	group := "USER#" + notice.UserID
	if notice.UserID == "" {
		group = NoticePlace(notice.Scope, notice.ScopeID).Partition()
	}
	return notice.message(group)
}

// SecurityMail returns the message for the mail to one of those who are told of an event.
func SecurityMail(notice Notice, recipientID string) (queue.Message, error) {
	notice.Kind, notice.RecipientID = NoticeSecurityMail, recipientID
	return notice.message("USER#" + recipientID)
}

// NoticeSeenBy returns a notice as its recipient sees it: who of an organization changed a consent is
// masked for those of its provider who may not see its people's personal data.
func (a *Accounts) NoticeSeenBy(ctx context.Context, notice Notice, recipient Person) (Notice, error) {
	if notice.Event != ConsentDecided || notice.ByProvider {
		return notice, nil
	}
	org, err := a.organization(ctx, notice.ScopeID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Notice{}, err
	}
	if err != nil || !recipient.Principal("", "").May(SeePersonalData, org.place(a.journal.Now().Unix())) {
		notice.ByName = MaskName(notice.ByName)
	}
	return notice, nil
}

// SecurityAudience returns the IDs of those who are told of an event: who has the highest role where it
// happened, and wants to be told. It checks no permission: it is for Tenantry itself.
func (a *Accounts) SecurityAudience(ctx context.Context, notice Notice) ([]string, error) {
	places, err := a.eventPlaces(ctx, notice)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, place := range places {
		highest := RolesAt(place.Scope)[0]
		told, err := a.PeopleAt(ctx, place, maxAudience, func(person Person) bool {
			return (person.SecurityNotices || notice.Event.tellsAll(place)) && person.GetsMail() && person.ID != notice.UserID &&
				!slices.Contains(ids, person.ID) && person.roleAt(place) == highest
		})
		if err != nil {
			return nil, err
		}
		for _, person := range told {
			ids = append(ids, person.ID)
		}
	}
	return ids, nil
}

// eventPlaces returns the places of an event: that of the notice, and an organization's MSP; or those
// of the person concerned.
func (a *Accounts) eventPlaces(ctx context.Context, notice Notice) ([]Place, error) {
	if notice.UserID != "" {
		person, err := a.Person(ctx, notice.UserID)
		if fault.Is(err, fault.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var places []Place
		for _, held := range person.Privileges[:min(len(person.Privileges), maxEventPlaces)] {
			place := Place{Scope: held.Scope, MSPID: held.MSPID, OrgID: held.OrgID}
			if held.Scope == LabelScope {
				place.Scope = MSPScope
			}
			places = append(places, place)
		}
		return places, nil
	}
	place := NoticePlace(notice.Scope, notice.ScopeID)
	if place.Scope != OrgScope || notice.Event.OfMove() {
		return []Place{place}, nil
	}
	org, err := a.organization(ctx, place.OrgID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || org.MSPID == "" {
		return []Place{place}, err
	}
	return []Place{place, {Scope: MSPScope, MSPID: org.MSPID}}, nil
}
