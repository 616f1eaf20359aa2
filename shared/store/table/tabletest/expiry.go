package tabletest

import (
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

func expiryRules() []rule {
	return []rule{
		{"AnItemExistsUntilItsSecondOfExpiryAndNotFromThenOn", expiresOnTime},
		{"AnExpiredItemTakesNoPlaceOnAPage", expiredOnPages},
		{"AnItemCreatedOverAnExpiredOneBeginsAnew", overExpired},
	}
}

func expiresOnTime(f *fixture) {
	item := f.item("item", `{}`)
	item.Expires = f.clock.Now().Unix() + 10
	f.do(table.Create(item))
	item.Version = 1

	f.clock.Advance(9 * time.Second)
	f.wantStored(item)
	f.wantSorts(f.query(), "item")
	if _, err := f.store.Get(f.Context(), item.Key); err != nil {
		f.Error(err)
	}
	f.clock.Advance(time.Second)
	f.wantStored(table.Item{Key: item.Key})
	f.wantSorts(f.query())
	if _, err := f.store.Get(f.Context(), item.Key); !errors.Is(err, table.ErrAbsent) {
		f.Errorf("Get of an expired item: %v", err)
	}
}

func expiredOnPages(f *fixture) {
	var want []string
	for i := range 12 {
		item := f.item(fmt.Sprintf("item%02d", i), `{}`)
		if i%3 != 1 { // the last of them all expires
			item.Expires = f.clock.Now().Unix() + 1
		} else {
			want = append(want, item.Sort)
		}
		f.do(table.Create(item))
	}
	f.clock.Advance(time.Second)
	for limit := 1; limit <= len(want)+1; limit++ {
		f.walk(f.query(), limit, want)
	}
}

func overExpired(f *fixture) {
	f.bring(f.key("item"), "expired")
	item := f.item("item", `"new"`)
	f.do(table.Create(item))
	item.Version = 1
	f.wantStored(item)
	f.clock.Advance(time.Hour)
	f.do(table.Update(item))
	item.Version = 2
	f.wantStored(item)
}
