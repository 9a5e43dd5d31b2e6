# Reads hand-outs with their own read.R, and holds them to the linearised design they come from.
#
#   Rscript replicates.R FIGURES NAME=FOLDER...
#
# one row per folder, group and indicator: estimate, standard error.
arguments <- commandArgs(TRUE)
rows <- list()
for (argument in arguments[-1]) {
  parts <- strsplit(argument, "=")[[1]]
  setwd(parts[2])
  source("read.R")
  groups <- list(
    all_schools = rep(TRUE, nrow(responses)), type_e = responses$group_school_type == "type_e",
    improved = responses$group_improvement == "improved"
  )
  for (group in names(groups)) {
    d <- subset(design, groups[[group]])
    found <- list(
      api00_mean = svymean(~api00_mean, d, na.rm = TRUE), awarded = svymean(~awarded, d, na.rm = TRUE),
      enroll_total = svytotal(~enroll_total, d, na.rm = TRUE),
      growth = svyratio(~growth, ~growth_denominator, d, na.rm = TRUE)
    )
    for (name in names(found)) {
      rows <- c(rows, list(data.frame(
        handout = parts[1], group, indicator = name, estimate = as.numeric(coef(found[[name]]))[1],
        error = as.numeric(SE(found[[name]]))[1]
      )))
    }
  }
}
# What the package makes of the same samples by itself.
data(api)
own <- list(
  a_clusters = svydesign(ids = ~dnum, weights = rep(6194 / 183, 183), fpc = rep(757, 183), data = apiclus1),
  g_strata = svydesign(
    ids = ~1, strata = ~stype, weights = ~pw, data = apistrat,
    fpc = c(E = 4421, M = 1018, H = 755)[as.character(apistrat$stype)]
  )
)
for (wave in names(own)) {
  d <- as.svrepdesign(own[[wave]], type = if (wave == "g_strata") "JKn" else "JK1", mse = TRUE)
  found <- list(
    api00_mean = svymean(~api00, d), awarded = svymean(~ I(as.numeric(awards == "Yes")), d),
    enroll_total = svytotal(~enroll, d), growth = svyratio(~api00, ~api99, d)
  )
  for (name in names(found)) {
    rows <- c(rows, list(data.frame(
      handout = paste0("own_", wave), group = "all_schools", indicator = name,
      estimate = as.numeric(coef(found[[name]]))[1], error = as.numeric(SE(found[[name]]))[1]
    )))
  }
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), arguments[1], row.names = FALSE, quote = FALSE)
