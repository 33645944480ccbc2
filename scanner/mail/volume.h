// How much left over time: the curve that shows when it began and whether it has ended.
#pragma once

#include "mail/evidence.h"

namespace backscan::mail {

/// Fills `volume` and `volume_step`: hours for up to four days, days for up to a year, else weeks.
/// Messages that others sent to this host are not counted.
void fill_volume(const MailHistory& history, const std::vector<BackscatterEvent>& events,
                 MailActivity& activity);

}  // namespace backscan::mail
