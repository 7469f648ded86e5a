#pragma once

#include "lib/ledger/accounts/records.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/shape.hpp"

namespace cogate::server::manage {

/// Reads what a request says about budgets and limits: `max_budget`, `soft_budget`, `budget_duration`, `tpm_limit`,
/// `rpm_limit`, `max_parallel_requests`, `model_max_budget` ({model: amount}, or {model: {budget_limit or max_budget,
/// time_period or budget_duration, tpm_limit, rpm_limit}}), `model_tpm_limit`, `model_rpm_limit`, `temp_budget_increase` with
/// `temp_budget_expiry`. What is not said stays.
void read_terms(fields& from, ledger::terms& to, ledger::moment now);

/// The same members of an answer.
void write_terms(shape& to, ledger::terms const& what);

} // namespace cogate::server::manage
