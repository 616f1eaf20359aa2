package limit_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/limit"
)

func TestAWindowBeginsOnTheHourAndCountsEachKeyAlone(t *testing.T) {
	now := time.Date(2026, 1, 2, 10, 59, 0, 0, time.UTC)
	window := limit.NewWindow(func() time.Time { return now })
	take := func(key string) (int, time.Duration) {
		count, left, err := window.Take(context.Background(), key, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return count, left
	}
	take("anna")
	if count, left := take("anna"); count != 2 || left != time.Minute {
		t.Errorf("second call: %d with %v left, want 2 with 1m", count, left)
	}
	if count, _ := take("ben"); count != 1 {
		t.Errorf("another key's first call: %d, want 1", count)
	}
	now = now.Add(2 * time.Minute)
	if count, _ := take("anna"); count != 1 {
		t.Errorf("first call of the next hour: %d, want 1", count)
	}
}
