# Samples by other designs than ours, and what the R package `survey` makes of them.
#
#   Rscript designs.R INBOX FIGURES
#
# writes the deliveries into INBOX and one row per figure to FIGURES.
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust")
folder <- commandArgs(TRUE)[1]
figures <- commandArgs(TRUE)[2]
data(api)

deliver <- function(rows, name) {
  write.csv(rows, file.path(folder, paste0(name, ".csv")), row.names = FALSE, quote = TRUE)
}
asked <- c("cds", "stype", "comp.imp", "awards", "api00", "api99", "enroll", "dnum", "pw")

# One-stage samples of districts.
clus <- apiclus1[, asked]
deliver(clus, "a_clusters")
deliver(clus, "b_weighted")
areas <- clus
areas$area <- ifelse(areas$dnum %in% sort(unique(areas$dnum))[1:6], "north", "south")
deliver(areas, "c_areas")
deliver(clus, "d_frame")
# Of three districts some schools did not answer.
partial <- clus[!(clus$cds %in% clus$cds[c(1, 2, 40, 90, 91)]), ]
deliver(partial, "e_partial")
frame <- apipop[, c("cds", "stype", "comp.imp", "awards", "dnum")]
for (wave in c("d_frame", "e_partial")) deliver(frame, paste0(wave, "_list"))

# Schools drawn by their size, each on its own (Poisson sampling).
set.seed(20)
listed <- apipop[!is.na(apipop$enroll), ]
size <- sqrt(listed$enroll)
chance <- pmin(1, 260 * size / sum(size))
drawn <- runif(nrow(listed)) < chance
unequal <- listed[drawn, asked[asked != "pw"]]
unequal$pw <- 1 / chance[drawn]
deliver(unequal, "f_unequal")
deliver(apistrat[, asked], "g_strata")

designs <- list(
  a_clusters = svydesign(ids = ~dnum, weights = rep(6194 / 183, 183), fpc = rep(757, 183), data = clus),
  b_weighted = svydesign(ids = ~dnum, weights = ~pw, fpc = rep(757, 183), data = clus),
  c_areas = svydesign(
    ids = ~dnum, strata = ~area, data = areas,
    weights = ifelse(areas$area == "north", 3000 / sum(areas$area == "north"), 3194 / sum(areas$area == "south")),
    fpc = ifelse(areas$area == "north", 400, 357)
  ),
  d_frame = svydesign(ids = ~dnum, weights = rep(6194 / 183, 183), fpc = rep(757, 183), data = clus),
  e_partial = svydesign(ids = ~dnum, weights = rep(6194 / 178, 178), data = partial),
  f_unequal = svydesign(ids = ~1, weights = ~pw, data = unequal),
  g_strata = svydesign(
    ids = ~1, strata = ~stype, weights = ~pw, data = apistrat,
    fpc = c(E = 4421, M = 1018, H = 755)[as.character(apistrat$stype)]
  )
)
groups <- list(
  all_schools = function(d) d,
  type_e = function(d) subset(d, stype == "E"),
  type_m = function(d) subset(d, stype == "M"),
  type_h = function(d) subset(d, stype == "H"),
  improved = function(d) subset(d, comp.imp == "Yes"),
  not_improved = function(d) subset(d, comp.imp == "No"),
  with_award = function(d) subset(d, awards == "Yes"),
  without_award = function(d) subset(d, awards == "No")
)

row <- function(wave, group, indicator, found, design, limits = c(NA, NA), deff = NA) {
  n <- nrow(design$variables)
  data.frame(
    wave, group, indicator, estimate = as.numeric(coef(found))[1],
    error = as.numeric(SE(found))[1], lower = limits[1], upper = limits[2],
    freedom = degf(design), n, deff = deff
  )
}
rows <- list()
for (wave in names(designs)) {
  for (group in names(groups)) {
    d <- groups[[group]](designs[[wave]])
    freedom <- degf(d)
    t_limits <- function(m) as.numeric(confint(m, df = freedom))
    mean00 <- svymean(~api00, d, deff = TRUE)
    rows <- c(rows, list(
      row(wave, group, "api00_mean", mean00, d, t_limits(mean00), as.numeric(deff(mean00))),
      row(wave, group, "enroll_total", svytotal(~enroll, d), d, t_limits(svytotal(~enroll, d))),
      row(wave, group, "growth", svyratio(~api00, ~api99, d), d, t_limits(svyratio(~api00, ~api99, d)))
    ))
    for (share in c("awarded", "elementary")) {
      form <- if (share == "awarded") ~ I(awards == "Yes") else ~ I(stype == "E")
      d$variables$counted <- as.numeric(model.frame(form, d$variables)[[1]])
      found <- svymean(~counted, d)
      p <- coef(found)[1]
      limits <- if (p > 0 && p < 1 && freedom > 0) {
        as.numeric(confint(svyciprop(~counted, d, method = "beta")))
      } else {
        c(NA, NA)
      }
      rows <- c(rows, list(row(wave, group, share, found, d, limits)))
    }
  }
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), figures, row.names = FALSE, quote = FALSE)
