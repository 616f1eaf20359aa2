package support

import (
	"context"

	"github.com/tenantry/tenantry/shared/store/table"
)

// queryWhile reads a page while admit checks concurrently whether the principal may see it. An
// error of admit takes precedence.
func (s *Service) queryWhile(
	ctx context.Context,
	query table.Query,
	admit func(context.Context) error,
) (table.Page, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var page table.Page
	read := make(chan error, 1)
	go func() {
		var err error
		page, err = s.journal.Query(ctx, query)
		read <- err
	}()
	refused := admit(ctx)
	if refused != nil {
		cancel()
	}
	if err := <-read; refused == nil {
		return page, err
	}
	return table.Page{}, refused
}
