package health

import (
	"strconv"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// batchesAtOnce is how many batches of cases one page compares.
const batchesAtOnce = 10

// verification is the comparison of some cases with their entries in the lists.
type verification struct {
	lists.Verification
	// from is the number of the first case; 0 if nothing was compared yet.
	from int64
}

// verification compares cases from a number on with their list entries. Without a number, it says what
// it would do.
func (p Pages) verification(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	var shown verification
	var err error
	if from := numberOf(v.Query("from")); from > 0 {
		shown, err = p.verify(v, from, false)
	} else {
		err = v.By.Check(identity.RunPlatform, identity.ThePlatform())
	}
	if err != nil {
		return err
	}
	return v.Show(verificationPage(v.Frame(v.T("Verification of the lists")), shown))
}

// numberOf reads the number of a case; 0 if it is none.
func numberOf(text string) int64 {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || number > 1e12 {
		return 0
	}
	return number
}

func (p Pages) verify(v *kit.Visit, from int64, mend bool) (verification, error) {
	result := verification{from: from}
	result.Next = from
	for range batchesAtOnce {
		batch, err := p.Lists.VerifyLists(v.Context(), *v.By, result.Next, mend)
		if err != nil {
			return verification{}, err
		}
		result.Checked += batch.Checked
		result.Mismatches = append(result.Mismatches, batch.Mismatches...)
		if result.Next = batch.Next; batch.Next == 0 {
			break
		}
	}
	return result, nil
}

// mend repairs what a page of the comparison found, and compares again.
func (p Pages) mend(v *kit.Visit) error {
	from := max(numberOf(v.Line("from")), 1)
	again := verificationPath + "?from=" + strconv.FormatInt(from, 10)
	mended, err := p.verify(v, from, true)
	if fault.Is(err, fault.Conflict) { // a case is being changed at this moment
		v.NotDone(err)
		return v.GoTo(again)
	}
	if err != nil {
		return err
	}
	repaired := 0
	for _, one := range mended.Mismatches {
		if one.Mended {
			repaired++
		}
	}
	v.Done(v.T("%d cases were repaired.", repaired))
	return v.GoTo(again)
}
