package job

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// tally counts the outcomes of some parts of a large job. Only the counts of its Job are used.
type tally struct {
	Waiting   int `json:"waiting"`
	Sent      int `json:"sent,omitempty"`
	Done      int `json:"done,omitempty"`
	Failed    int `json:"failed,omitempty"`
	Skipped   int `json:"skipped,omitempty"`
	Cancelled int `json:"cancelled,omitempty"`
}

func (t *tally) add(outcome Outcome, number int) {
	switch outcome {
	case TargetWaiting:
		t.Waiting += number
	case TargetSent:
		t.Sent += number
	case TargetDone:
		t.Done += number
	case TargetFailed:
		t.Failed += number
	case TargetSkipped:
		t.Skipped += number
	case TargetCancelled:
		t.Cancelled += number
	}
}

// readTallies reads those of the given tallies that were not read yet.
func (e *edit) readTallies(ctx context.Context, numbers ...int) error {
	var missing []int
	var keys []table.Key
	for _, number := range numbers {
		if _, known := e.tallies[number]; !known && !slices.Contains(missing, number) {
			missing = append(missing, number)
			keys = append(keys, tallyKey(e.head.Place(), e.head.ID, number))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	items, err := e.ledger.journal.BatchGet(ctx, keys)
	if err != nil {
		return err
	}
	for i, item := range items {
		if err := e.takeTally(missing[i], item); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) takeTally(number int, item table.Item) error {
	if item.Version == 0 {
		return errGone
	}
	var t tally
	err := change.Decode(item, &t)
	e.tallies[number], e.versions[number] = t, item.Version
	return err
}

func everyTally() []int {
	numbers := make([]int, tallies)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// count sets the counts to the sums of the tallies.
func (j *Job) count(all []tally) {
	j.Done, j.Failed, j.Skipped, j.Sent, j.Cancelled = 0, 0, 0, 0, 0
	for _, t := range all {
		j.Done += t.Done
		j.Failed += t.Failed
		j.Skipped += t.Skipped
		j.Sent += t.Sent
		j.Cancelled += t.Cancelled
	}
}
