# What the R package `survey` makes of apisrs with weights that add up to known margins.
#
#   Rscript calibration.R FIGURES
suppressMessages(library(survey))
figures <- commandArgs(TRUE)[1]
data(api)
apisrs$fpc <- 6194
simple <- svydesign(ids = ~1, fpc = ~fpc, data = apisrs)
types <- data.frame(stype = c("E", "M", "H"), Freq = c(4421, 1018, 755))
targets <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- rake(
  simple, list(~stype, ~sch.wide), list(types, targets),
  control = list(maxit = 1000, epsilon = 1e-9)
)
designs <- list(srs_post = postStratify(simple, ~stype, types), srs_raked = raked)

# The variance of a raked estimate by the residuals of a regression with the calibrated weights
# (Deville & Sarndal 1992); that of `rake` takes one margin after the other from them.
error_of <- function(wave, counted, values) {
  if (wave == "srs_post") {
    return(as.numeric(SE(svytotal(~z, update(designs[[wave]], z = counted * values)))))
  }
  w <- weights(raked)
  e <- resid(lm(I(counted * values) ~ stype + sch.wide, data = apisrs, weights = w))
  z <- w * e
  sqrt((1 - 200 / 6194) * 200 / 199 * sum((z - mean(z))^2))
}

groups <- list(
  all_schools = rep(1, 200), improved = as.numeric(apisrs$comp.imp == "Yes"),
  not_improved = as.numeric(apisrs$comp.imp == "No"), type_m = as.numeric(apisrs$stype == "M"),
  target_no = as.numeric(apisrs$sch.wide == "No")
)
rows <- list()
for (wave in names(designs)) {
  for (group in names(groups)) {
    inside <- groups[[group]]
    d <- subset(designs[[wave]], inside == 1)
    w <- weights(designs[[wave]])
    found <- list(
      api00_mean = svymean(~api00, d), enroll_total = svytotal(~enroll, d),
      tested_part = svyratio(~api.stu, ~enroll, d), awarded = svymean(~ I(as.numeric(awards == "Yes")), d)
    )
    residuals <- with(apisrs, list(
      api00_mean = (api00 - coef(found$api00_mean)) / sum(w * inside), enroll_total = enroll,
      tested_part = (api.stu - coef(found$tested_part) * enroll) / sum(w * inside * enroll),
      awarded = ((awards == "Yes") - coef(found$awarded)) / sum(w * inside)
    ))
    for (name in names(found)) {
      rows <- c(rows, list(data.frame(
        wave, group, indicator = name, estimate = as.numeric(coef(found[[name]]))[1],
        error = error_of(wave, inside, residuals[[name]]),
        own_error = as.numeric(SE(found[[name]]))[1]
      )))
    }
  }
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), figures, row.names = FALSE, quote = FALSE)
