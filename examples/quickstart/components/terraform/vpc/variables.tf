variable "tenant" {
  type        = string
  description = "Who owns it: plat."
}

variable "environment" {
  type        = string
  description = "Short name of the region: ue2."
}

variable "stage" {
  type        = string
  description = "dev, staging or prod."
}

variable "region" {
  type        = string
  description = "Where it is: us-east-2."
}

variable "address_range" {
  type        = string
  description = "All addresses of the stage: 10.16.0.0/12."
}

variable "region_number" {
  type        = number
  description = "Which sixteenth of the range is this region's, from 0."

  validation {
    condition     = var.region_number >= 0 && var.region_number < 16
    error_message = "A range has sixteen parts, 0 to 15."
  }
}

variable "tags" {
  type        = map(string)
  description = "Free text by name."
  default     = {}
}
