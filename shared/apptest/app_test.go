package apptest_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestAPersonIsCreatedOncePerRoleAndPlace(t *testing.T) {
	e := apptest.NewEstate(t)
	first, again := e.Person(e.Org.Place(), identity.Read), e.Person(e.Org.Place(), identity.Read)
	another := e.Another(e.Org.Place(), identity.Read)
	if first.UserID != again.UserID || first.UserID == another.UserID {
		t.Errorf("ids %s, %s, %s", first.UserID, again.UserID, another.UserID)
	}
	if _, known := e.LogIn(first); known.UserID != first.UserID || known.SessionID == "" {
		t.Errorf("the session is of %+v", known)
	}
}

func TestTheClockStandsStillUntilItIsMoved(t *testing.T) {
	w := apptest.New(t)
	before := w.Clock.Now()
	w.Clock.Pass(time.Hour)
	if got := w.Clock.Now().Sub(before); got != time.Hour {
		t.Errorf("it moved by %s", got)
	}
}

func TestTheDiskShowsWhatIsStored(t *testing.T) {
	w := apptest.New(t)
	if w.OnDisk("Uncommon Name Limited") {
		t.Fatal("it is there before it was stored")
	}
	w.NewMSP("Uncommon Name Limited")
	if !w.OnDisk("Uncommon Name Limited") {
		t.Error("it is not there after it was stored")
	}
}
