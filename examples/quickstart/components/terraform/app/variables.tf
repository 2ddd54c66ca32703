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

variable "image" {
  type        = string
  description = "What the application runs: shop:1.4.0."
}

variable "replicas" {
  type        = number
  description = "How many of it run."
}

variable "cluster_endpoint" {
  type        = string
  description = "URL of the API of the cluster that it runs on."
}

variable "allow_from" {
  type        = list(string)
  description = "Networks that may call it."
}
