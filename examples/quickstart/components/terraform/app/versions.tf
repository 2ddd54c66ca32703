terraform {
  required_version = ">= 1.5"

  required_providers {
    # A cloud in a folder, for trying things out: every object is a JSON file below FOLDER_CLOUD.
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
