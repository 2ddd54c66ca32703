locals {
  name = "${var.tenant}-${var.environment}-${var.stage}"
  cidr = cidrsubnet(var.address_range, 4, var.region_number)
}

resource "folder_network" "this" {
  name   = local.name
  region = var.region
  cidr   = local.cidr
  tags   = var.tags
}
