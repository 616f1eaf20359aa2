package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// planJobs puts jobs on the timeline: bulk actions, the last one with a target that fails, and
// reports.
func (b *builder) planJobs(context.Context) error {
	manager := b.msps[0]
	scope := lists.Scope{MSPID: manager.ID}
	b.at(b.ago(26*time.Hour), "an MSP tags cases", func(ctx context.Context) error {
		return b.bulk(ctx, manager, casejobs.Bulk{Action: casejobs.BulkTag, Value: "spring-audit"}, support.ClosedList)
	})
	b.at(b.ago(3*time.Hour), "an MSP archives cases, one of which is open", func(ctx context.Context) error {
		return b.bulk(ctx, manager, casejobs.Bulk{Action: casejobs.BulkArchive}, support.ClosedList, support.OpenList)
	})
	b.at(b.ago(2*time.Hour), "an MSP has a report written", func(ctx context.Context) error {
		_, err := b.Services.CaseJobs.ExportCases(ctx, manager.admin,
			casejobs.Export{Scope: scope, Wanted: lists.Query{State: lists.AllLists}, ByteOrderMark: true})
		return err
	})
	customer := b.orgs[0]
	b.at(b.ago(time.Hour), "a customer has a report written", func(ctx context.Context) error {
		_, err := b.Services.CaseJobs.ExportCases(ctx, customer.admin,
			casejobs.Export{Scope: lists.Scope{OrgID: customer.ID}, Wanted: lists.Query{State: lists.AllLists}})
		return err
	})
	return nil
}

// bulkSome is how many cases of the first list a bulk action has; of the others it has one each.
const bulkSome = 4

// bulk does something to cases of an MSP's lists.
func (b *builder) bulk(ctx context.Context, manager *msp, request casejobs.Bulk, states ...support.State) error {
	for i, state := range states {
		limit := bulkSome
		if i > 0 {
			limit = 1
		}
		page, err := b.Services.Lists.Search(ctx, manager.admin, lists.Scope{MSPID: manager.ID},
			lists.Query{State: state, Sort: "number", Limit: limit})
		if err != nil {
			return err
		}
		for _, line := range page.Lines {
			request.Cases = append(request.Cases, support.Reference{OrgID: line.OrgID, CaseID: line.ID})
		}
	}
	_, err := b.Services.CaseJobs.Bulk(ctx, manager.admin, lists.Scope{MSPID: manager.ID}, request)
	return err
}
